/* A service as the console sees it: titles of everything, the chart, the fields of forms. Read once from the server's JSON
 * and indexed; whatever a pack gives no title for is called by its id. */
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import type { JsonObject, JsonValue, PackList, PackTrouble } from '@/api/types.gen';
import { get } from './api';
import { lang } from './i18n';
import { keysOf } from './keysOf';
import type { Grain } from './period';
import { formatFull } from './time';

export type Measure = 'natural' | 'workday' | 'office';

export interface Titled {
    id: string;
    zh: string;
    en: string;
}
export interface PackState extends Titled {
    final: boolean;
}
export interface PackTransition {
    from: string | null; /* null: every state that is not final */
    to: string;
    event: string;
    guard: string | null;
    roles: string[];
    needs: string[];
}
export interface PackField extends Titled {
    type: 'text' | 'int' | 'real' | 'bool' | 'time';
    private: boolean;
    list: string | null;
    maxLength: number | null;
    min: number | null;
    max: number | null;
}
export interface PackMapping extends Titled {
    fields: string[];
}
export interface PackPurpose extends Titled {
    roles: string[];
}
export interface PackDocument extends Titled {
    signers: Titled[];
}
export interface PackReport extends Titled {
    period: Grain;
    audience: string[]; /* roles */
}
export interface PackView extends Titled {
    version: string;
    states: PackState[];
    transitions: PackTransition[];
    fields: PackField[];
    events: Titled[];
    clocks: (Titled & { measure: Measure })[];
    tasks: Titled[];
    indicators: Titled[];
    reports: PackReport[];
    mappings: PackMapping[];
    purposes: PackPurpose[];
    documents: PackDocument[];
    lists: Map<string, Titled[]>;
    forms: Map<string, JsonObject>; /* JSON Schema with layout hints */
    json: JsonObject; /* all the server says of it, for the page of the service (lib/service.ts) */
}

/* The server's JSON (pack/pack.h says its shape); absent titles fall back to the id. */
export const objects = (v: JsonValue | undefined): JsonObject[] => (Array.isArray(v) ? (v as JsonObject[]) : []);
export const text = (v: JsonValue | undefined): string | null => (typeof v === 'string' && v !== '' ? v : null);
export const number = (v: JsonValue | undefined): number | null => (typeof v === 'number' ? v : null);
export const texts = (v: JsonValue | undefined): string[] => (Array.isArray(v) ? v.map(String) : []);

export function titled(o: JsonObject, key = 'id'): Titled {
    const id = text(o[key]) ?? '';
    return { id, zh: text(o.title_zh) ?? id, en: text(o.title_en) ?? id };
}

const fieldOf = (o: JsonObject): PackField => ({
    ...titled(o),
    type: (text(o.type) ?? 'text') as PackField['type'],
    private: o.class === 'private',
    list: text(o.list),
    maxLength: number(o.max_length),
    min: number(o.min),
    max: number(o.max),
});

const transitionOf = (o: JsonObject): PackTransition => ({
    from: text(o.from),
    to: text(o.to) ?? text(o.from) ?? '', /* null: it stays where it is */
    event: text(o.event) ?? '',
    guard: text(o.guard),
    roles: texts(o.roles),
    needs: texts(o.needs),
});

export function readPack(json: JsonValue): PackView {
    const o = json as JsonObject;
    const lists = Object.entries((o.lists ?? {}) as JsonObject);
    return {
        ...titled(o),
        version: text(o.version) ?? '',
        json: o,
        states: objects(o.states).map((s) => ({ ...titled(s), final: s.final === true })),
        transitions: objects(o.transitions).map(transitionOf).filter((t) => t.to !== ''),
        fields: objects(o.fields).map(fieldOf),
        events: objects(o.events).map((e) => titled(e)),
        clocks: objects(o.clocks).map((c) => ({ ...titled(c), measure: (text(c.measure) ?? 'natural') as Measure })),
        tasks: objects(o.tasks).map((t) => titled(t)),
        indicators: objects(o.indicators).map((i) => titled(i)),
        reports: objects(o.reports).map((r) => ({ ...titled(r), period: (text(r.period) ?? 'all') as Grain, audience: texts(r.audience) })),
        mappings: objects(o.mappings).map((m) => ({ ...titled(m), fields: texts(m.fields) })),
        purposes: objects(o.purposes).map((p) => ({ ...titled(p), roles: texts(p.roles) })),
        documents: objects(o.documents).map((d) => ({ ...titled(d), signers: objects(d.signers).map((s) => titled(s)) })),
        forms: new Map(Object.entries((o.forms ?? {}) as Record<string, JsonObject>)),
        lists: new Map(lists.map(([id, codes]) => [id, objects(codes).map((code) => titled(code, 'code'))])),
    };
}

export const say = (t: Titled) => (lang() === 'zh' ? t.zh : t.en);
const find = (list: readonly Titled[] | undefined, id: string) => {
    const found = list?.find((t) => t.id === id);
    return found ? say(found) : id;
};

/* Every pack, with the words for what it names. */
export class Packs {
    private readonly byId: Map<string, PackView>;
    constructor(
        readonly all: readonly PackView[],
        readonly troubles: readonly PackTrouble[] = [],
        readonly loaded = true,
    ) {
        this.byId = new Map(all.map((p) => [p.id, p]));
    }
    of = (id: string) => this.byId.get(id);
    title = (pack: string) => find(this.all, pack);
    state = (pack: string, state: string) => find(this.of(pack)?.states, state);
    event = (pack: string, event: string) => find(this.of(pack)?.events, event);
    purpose = (purpose: string) => find(this.all.flatMap((p) => p.purposes), purpose);
    clock = (pack: string, clock: string) => find(this.of(pack)?.clocks, clock);
    /* What the budget of a clock is counted in. */
    measure = (pack: string, clock: string): Measure => this.of(pack)?.clocks.find((c) => c.id === clock)?.measure ?? 'natural';
    task = (pack: string, task: string) => find(this.of(pack)?.tasks, task);
    makesDocuments = (pack: string) => (this.of(pack)?.documents.length ?? 0) > 0;
    document = (pack: string, id: string) => find(this.of(pack)?.documents, id);
    signer = (pack: string, document: string, id: string) => find(this.of(pack)?.documents.find((d) => d.id === document)?.signers, id);
    field = (pack: string, id: string) => this.of(pack)?.fields.find((f) => f.id === id);
    fieldTitle = (pack: string, id: string) => find(this.of(pack)?.fields, id);
    codes = (pack: string, list: string) => this.of(pack)?.lists.get(list) ?? [];
    code = (pack: string, list: string, code: string) => find(this.codes(pack, list), code);
    /* Does the service send units, so that a case without one waits? */
    sends = (pack: string) => this.of(pack)?.transitions.some((t) => t.roles.includes('unit')) ?? false;
    /* A field's value as people say it. */
    value(pack: string, id: string, value: JsonValue | undefined): string {
        if (value === null || value === undefined || value === '') return '—';
        const field = this.field(pack, id);
        if (field?.list && typeof value === 'string') return this.code(pack, field.list, value);
        if (typeof value === 'boolean') return i18next.t(value ? 'fire.yes' : 'fire.no');
        if (field?.type === 'time' && typeof value === 'number') return formatFull(value);
        return typeof value === 'object' ? JSON.stringify(value) : String(value);
    }
}

const NONE = new Packs([], [], false);

/* `every`: asked anew at once and so often (ms), for pages that show what was refused of late. */
export function usePacks(every?: number): Packs {
    const query = useQuery({
        queryKey: keysOf.packs,
        queryFn: async () => {
            const list = await get<PackList>('/api/packs');
            return new Packs(list.packs.map(readPack), list.troubles);
        },
        staleTime: Infinity,
        ...(every !== undefined && { refetchOnMount: 'always' as const, refetchInterval: every }),
    });
    return query.data ?? NONE;
}
