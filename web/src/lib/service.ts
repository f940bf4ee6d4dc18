/* A service as its page tells it: what the console works with anyway (lib/pack.ts) read to the last key, and what the server
 * tells besides (GET /api/packs/{pack}): the files as they count, in the shapes of docs/packs.md. */
import { useQuery } from '@tanstack/react-query';
import type { JsonObject, JsonValue, PackAbout, PackVersion } from '@/api/types.gen';
import { get } from './api';
import { lang } from './i18n';
import { keysOf } from './keysOf';
import { number, objects, type PackView, text, texts, titled, type Titled, usePacks } from './pack';

export interface Step extends Titled {
    kind: string; /* plain compound parallel final shallow deep */
    final: boolean;
    suspended: boolean;
    depth: number;
    does: { entry: string | null; exit: string | null; initial: string | null };
}
export interface Move {
    from: string | null; /* null: every open state */
    to: string[]; /* none: it stays */
    events: string[];
    internal: boolean;
    guard: string | null;
    roles: string[];
    needs: string[];
    form: string | null;
    does: string[][]; /* verb, what, which */
}
export interface DecisionRow {
    cells: string[];
    when: string | null;
    set: JsonObject;
}
export interface Decision extends Titled {
    hit: string;
    inputs: string[];
    outputs: string[];
    collect: JsonObject;
    gap: boolean;
    rows: DecisionRow[];
    otherwise: JsonObject | null;
    chooses: { from: string; when: string | null; order: string[]; takes: JsonObject } | null; /* an entry of a register, instead of rows */
}
export interface Figure extends Titled {
    unit: Titled;
    kind: string;
    target: number | null;
    higherIsBetter: boolean;
    when: string | null;
    num: string | null;
    den: string | null;
    p: number | null;
    expr: string | null;
    empty: string;
    excluded: (Titled & { when: string })[]; /* titled by the reason */
    parts: { of: string; weight: number; full: number; zero: number }[];
}

/* ---- files as written; their shapes were checked by the server ---- */
export interface Words {
    zh: string;
    en: string;
}
export interface Law {
    document: string;
    number?: string;
    article?: string;
    for?: string;
}
export interface PackFile {
    owner: Words;
    law: Law[];
    prefix: string;
    roles: string[];
    parties?: ({ id: string } & Words)[];
}
export interface RegisterLine extends Words {
    id: string;
    key: string;
    keeper: string;
    fields: ({ id: string } & Words)[];
}
export interface ClockLine extends Words {
    id: string;
    for: string;
    budget: string;
    budgets?: { when: string; budget: string }[];
    calendar: string;
    start?: string;
    end?: string;
    run_in?: string[];
    rungs?: { at?: number; before?: string; notice?: string }[];
    extend?: { max: number; by: string };
    limit?: { budget: string; law: string };
    task?: string;
    on_expiry?: string;
}
export interface CalendarLine {
    shifts?: string | string[];
    seasons?: { from: string; to: string; shifts: string | string[] }[];
    days?: ({ date: string; is: string } & Words)[];
}
export interface PlanLine extends Words {
    id: string;
    rule: string;
    at: string;
    from: string;
    until?: string;
    calendar?: string;
    move?: string;
    missed?: string;
    grace?: string;
}
export interface NoticeLine extends Words {
    id: string;
    channel: string;
    receiver: string;
}
export interface AccessRule {
    role: string;
    purpose: string;
    basis: string;
    scope: string;
    open_only?: boolean;
    full?: string[];
    partial?: string[];
    existence?: string[];
}
export interface ReportLine extends Words {
    id: string;
    period: string;
    audience: string[];
    sections: { title: Words; indicators: string[]; by?: string }[];
}
export interface DocumentFile {
    id: string;
    title: Words;
    tree: JsonObject;
}

export interface Service {
    pack: PackView;
    versions: PackVersion[];
    steps: Step[];
    moves: Move[];
    decisions: Decision[];
    figures: Figure[];
    head: PackFile;
    clocks: ClockLine[];
    calendars: Map<string, CalendarLine>;
    notices: NoticeLine[];
    plans: PlanLine[];
    rules: AccessRule[];
    reports: ReportLine[];
    documents: DocumentFile[];
    registers: RegisterLine[];
    traits: string[];
    scenarios: number;
    words: (condition: string) => string; /* plainly, or as written */
}

const object = (v: JsonValue | undefined): JsonObject => (v && typeof v === 'object' && !Array.isArray(v) ? v : {});
const cast = <T>(v: JsonValue | undefined): T => v as unknown as T;

function stepsOf(json: JsonObject): Step[] {
    const depth = new Map<string, number>();
    return objects(json.states).map((o) => {
        const parent = text(o.parent);
        const step = {
            ...titled(o),
            kind: text(o.kind) ?? 'plain',
            final: o.final === true,
            suspended: o.suspended === true,
            depth: parent === null ? 0 : (depth.get(parent) ?? 0) + 1,
            does: { entry: text(o.on_entry), exit: text(o.on_exit), initial: text(o.on_initial) },
        };
        depth.set(step.id, step.depth);
        return step;
    });
}

const moveOf = (o: JsonObject): Move => ({
    from: text(o.from),
    to: Array.isArray(o.targets) ? texts(o.targets) : text(o.to) === null ? [] : [text(o.to)!],
    events: Array.isArray(o.events) ? texts(o.events) : [text(o.event) ?? ''],
    internal: o.internal === true,
    guard: text(o.guard),
    roles: texts(o.roles),
    needs: texts(o.needs),
    form: text(o.form),
    does: (Array.isArray(o.does) ? o.does : []).map((deed) => texts(deed)),
});

const decisionOf = (o: JsonObject): Decision => ({
    ...titled(o),
    hit: text(o.hit) ?? 'first',
    inputs: texts(o.inputs),
    outputs: texts(o.outputs),
    collect: object(o.collect),
    gap: o.gap === true,
    rows: objects(o.rows).map((row) => ({ cells: texts(row.cells), when: text(row.when), set: object(row.set) })),
    otherwise: o.default ? object(o.default) : null,
    chooses: text(o.from) === null ? null : { from: text(o.from)!, when: text(o.when), order: texts(o.order), takes: object(o.takes) },
});

const figureOf = (o: JsonObject): Figure => ({
    ...titled(o),
    unit: { id: '', zh: text(o.unit_zh) ?? '', en: text(o.unit_en) ?? '' },
    kind: text(o.kind) ?? 'count',
    target: number(o.target),
    higherIsBetter: o.higher_is_better === true,
    when: text(o.when),
    num: text(o.num),
    den: text(o.den),
    p: number(o.p),
    expr: text(o.expr),
    empty: text(o.empty) ?? 'none',
    excluded: objects(o.excluded).map((out) => ({ id: text(out.id) ?? '', zh: text(out.reason_zh) ?? '', en: text(out.reason_en) ?? '', when: text(out.when) ?? '' })),
    parts: objects(o.parts).map((part) => ({ of: text(part.of) ?? '', weight: number(part.weight) ?? 0, full: number(part.full) ?? 0, zero: number(part.zero) ?? 0 })),
});

export function readService(pack: PackView, of: PackAbout): Service {
    const about = object(of.about);
    const files = object(about.files);
    const file = (name: string) => object(files[name]);
    const words = object(about.words);
    return {
        pack,
        versions: of.versions,
        steps: stepsOf(pack.json),
        moves: objects(pack.json.transitions).map(moveOf),
        decisions: objects(pack.json.decisions).map(decisionOf),
        figures: objects(pack.json.indicators).map(figureOf),
        head: cast(files['pack.yaml']),
        clocks: cast(file('clocks.yaml').clocks ?? []),
        calendars: new Map(Object.entries(object(file('clocks.yaml').calendars)).map(([id, line]) => [id, cast<CalendarLine>(line)])),
        notices: cast(file('notices.yaml').notices ?? []),
        plans: cast(file('plans.yaml').plans ?? []),
        rules: cast(file('access.yaml').rules ?? []),
        reports: cast(file('reports.yaml').reports ?? []),
        documents: Object.entries(files)
            .filter(([name]) => name.startsWith('documents/'))
            .map(([name, tree]) => ({ id: name.replace(/^documents\/|\.yaml$/g, ''), title: cast<Words>(object(tree).title), tree: object(tree) })),
        registers: cast(about.registers ?? []),
        traits: objects(about.traits).map((trait) => text(trait.use) ?? ''),
        scenarios: objects(about.scenarios).length,
        words: (condition) => {
            const said = words[condition];
            return Array.isArray(said) ? String(said[lang() === 'zh' ? 0 : 1]) : condition;
        },
    };
}

/* Of the version in use: asked anew when there is another. */
export const aboutQuery = (id: string, version: string) => ({ queryKey: keysOf.pack(id, version), queryFn: () => get<PackAbout>(`/api/packs/${id}`), enabled: version !== '' });

/* The page's own question and the one of the whole console, together. */
export function useService(id: string) {
    const packs = usePacks();
    const pack = packs.of(id);
    const about = useQuery(aboutQuery(id, pack?.version ?? ''));
    return { service: pack && about.data ? readService(pack, about.data) : null, error: about.error, retry: about.refetch };
}

/* "10 workday" -> 10, "workday". */
export function budgetOf(written: string): { n: number; unit: string } {
    const [n = '0', unit = 'minute'] = written.split(' ');
    return { n: Number(n), unit };
}

/* The title of what a name stands for: a field of the service, else (null) a fact every case has, or an expression. */
export const fieldTitle = (pack: PackView, name: string): string | null => {
    const field = pack.fields.find((f) => f.id === name);
    return field ? (lang() === 'zh' ? field.zh : field.en) : null;
};

/* A cell of a table with the titles of its codes in their place; what is no code stays as it is written. */
export function cellWords(pack: PackView, input: string, cell: string): string {
    const list = pack.fields.find((f) => f.id === input)?.list;
    const codes = list ? (pack.lists.get(list) ?? []) : [];
    return cell.replace(/'([^']*)'/g, (whole, code: string) => {
        const found = codes.find((c) => c.id === code);
        return found ? (lang() === 'zh' ? found.zh : found.en) : list ? whole : code;
    });
}

export function valueWords(pack: PackView, name: string, value: JsonValue): string {
    return typeof value === 'string' ? cellWords(pack, name, `'${value}'`).replace(/^'|'$/g, '') : String(value);
}
