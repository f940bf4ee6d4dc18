/* Names of everything in the query cache. The stream patches by these names; pages read by them. */
import type { CaseFilter } from './stream';

export const keysOf = {
    me: ['me'] as const,
    packs: ['packs'] as const,
    orgs: ['orgs'] as const,
    map: ['map'] as const,
    cases: (filter: CaseFilter) => ['cases', filter] as const,
    casePages: (filter: CaseFilter) => ['case-pages', filter] as const,
    case: (id: string, purpose: string) => ['case', id, purpose] as const,
    notices: (id: string) => ['notices', id] as const,
    relations: (id: string) => ['relations', id] as const,
    documents: (id: string) => ['documents', id] as const,
    documentFile: (path: string) => ['document-file', path] as const,
    inbox: ['inbox'] as const,
    diagram: (pack: string, version: string, lang: string) => ['diagram', pack, version, lang] as const,
    timeline: (id: string) => ['timeline', id] as const,
    units: ['units'] as const,
    tasks: ['tasks'] as const,
    feed: ['feed'] as const,
    tick: ['tick'] as const,
    line: ['line'] as const /* is the stream connected */,
    indicators: ['indicators'] as const,
    reports: ['reports'] as const,
    checkpoint: ['checkpoint'] as const,
    audit: ['audit'] as const,
    users: ['users'] as const,
};
