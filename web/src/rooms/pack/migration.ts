/* The map of a migration as rows of a form, and what the server's survey says, read. */
import type { JsonObject } from '@/api/types.gen';

export const KINDS = ['states', 'tasks', 'clocks', 'fields'] as const;
export type Kind = (typeof KINDS)[number];
export interface MapRow {
    kind: Kind;
    old: string;
    becomes: string | null; /* null: dropped */
}
export interface Survey {
    cases: number;
    carried: number;
    kept_count: number;
    deadline_count: number;
    kept: { number: string; version: string; state: string; why: string }[];
    deadlines: { number: string; clock: string; was: number | null; becomes: number | null }[];
}

export const droppable = (kind: Kind) => kind === 'clocks' || kind === 'fields';

export function mapOf(rows: readonly MapRow[], start: readonly string[], from: string): JsonObject {
    const map: JsonObject = {};
    for (const { kind, old, becomes } of rows) if (old) map[kind] = { ...(map[kind] as JsonObject | undefined), [old]: becomes };
    if (start.length > 0) map.start = [...start];
    if (from) map.from = from;
    return map;
}

/* Why a case stays, as the server writes it: which sentence it is, what it names, and what of the map would help. */
const SENTENCES: readonly { key: string; pattern: RegExp; kind?: Kind }[] = [
    { key: 'state', pattern: /^state (\S+) has no counterpart/, kind: 'states' },
    { key: 'clock', pattern: /^clock (\S+) has no counterpart/, kind: 'clocks' },
    { key: 'counted', pattern: /^clock (\S+) is counted in another way than (\S+)/, kind: 'clocks' },
    { key: 'task', pattern: /^task (\S+) is open and has no counterpart/, kind: 'tasks' },
    { key: 'field', pattern: /^field (\S+) has no open counterpart/, kind: 'fields' },
    { key: 'private', pattern: /^private field (\S+) has no counterpart/, kind: 'fields' },
    { key: 'value', pattern: /^a field does not fit the new version: (.*)/ },
    { key: 'clockless', pattern: /^no clock would run/ },
    { key: 'unsound', pattern: /^the case would not be sound: (.*)/ },
];

export function readWhy(why: string): { key: string; what: string; other: string; kind?: Kind } | null {
    for (const { key, pattern, kind } of SENTENCES) {
        const [, what = '', other = ''] = pattern.exec(why) ?? [];
        if (pattern.test(why)) return { key, what, other, kind };
    }
    return null;
}

/* Names for which the survey misses a counterpart and no row stands yet. */
export function wanted(found: Survey, rows: readonly MapRow[]): MapRow[] {
    const out: MapRow[] = [];
    for (const { why } of found.kept) {
        const said = readWhy(why);
        if (!said?.kind || [...rows, ...out].some((row) => row.kind === said.kind && row.old === said.what)) continue;
        out.push({ kind: said.kind, old: said.what, becomes: droppable(said.kind) ? null : '' });
    }
    return out;
}
