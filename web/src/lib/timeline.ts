/* A case's ledger events as the console reads them: which way through the procedure was taken, and what stands in them. */
import type { JsonObject, JsonValue, TimelineEvent } from '@/api/types.gen';

const textIn = (o: JsonObject, key: string): string | null => (typeof o[key] === 'string' && o[key] !== '' ? (o[key] as string) : null);
const bodyOf = (body: JsonValue): JsonObject => (body && typeof body === 'object' && !Array.isArray(body) ? body : {});

/* A procedure without boxes: the state it rests in; else "a b; history = c": the innermost states. */
const statesIn = (body: JsonObject) => (textIn(body, 'states') ?? textIn(body, 'to_state') ?? '').split(';')[0]!.split(' ').filter(Boolean);

/* [[case, clock, next, due, provisional], ...] */
function deadlinesIn(moved: JsonValue): { clock: string; due: number }[] {
    if (!Array.isArray(moved)) return [];
    return moved.flatMap((m) => (Array.isArray(m) && typeof m[1] === 'string' && typeof m[3] === 'number' ? [{ clock: m[1], due: m[3] }] : []));
}

export interface Step {
    seq: number;
    at: number;
    happened: number | null; /* by the clock of the device that did it */
    kind: string;
    actor: string;
    role: string | null;
    event: string | null;
    from: string | null;
    to: string | null;
    states: string[]; /* what is active after it, without the boxes around; none: the event says nothing of it */
    version: string | null; /* of the procedure, where it begins to hold */
    unit: string | null;
    note: string | null;
    clock: string | null;
    percent: number | null;
    facts: JsonObject;
    document: { id: string; version: number | null; signer: string | null } | null;
    deadlines: { clock: string; due: number }[]; /* moved by a change of working days */
    moved: boolean; /* an event of the case itself, not somebody's look at it */
}

const documentIn = (kind: string, body: JsonObject): Step['document'] => {
    const id = kind.startsWith('document.') ? textIn(body, 'document') : null;
    return id ? { id, version: typeof body.version === 'number' ? body.version : null, signer: textIn(body, 'signer') } : null;
};

export function stepOf(e: TimelineEvent): Step {
    const body = bodyOf(e.body);
    return {
        seq: e.seq,
        at: e.at,
        happened: typeof body.happened_at === 'number' ? body.happened_at : null,
        kind: e.kind,
        actor: e.actor,
        role: textIn(body, 'by_role') ?? textIn(body, 'role'),
        event: textIn(body, 'event'),
        from: textIn(body, 'from_state'),
        to: textIn(body, 'to_state'),
        states: statesIn(body),
        version: textIn(body, 'version'),
        unit: textIn(body, 'unit'),
        note: textIn(body, 'note'),
        clock: textIn(body, 'clock'),
        percent: typeof body.percent === 'number' ? body.percent : null,
        facts: bodyOf(body.facts ?? null),
        document: documentIn(e.kind, body),
        deadlines: deadlinesIn(body.moved ?? null),
        moved: e.kind.startsWith('case.'),
    };
}

/* What the open timeline says of a case before anything personal is asked for. */
export interface Opening {
    pack: string;
    version: string; /* of the procedure it is on now */
    number: string;
    title: string;
    place: string;
    state: string;
    final: boolean;
}

export function openingOf(events: readonly TimelineEvent[], isFinal: (pack: string, state: string) => boolean): Opening {
    const first = bodyOf(events.find((e) => e.kind === 'case.opened')?.body ?? null);
    const states = events.filter((e) => e.kind.startsWith('case.')).map((e) => textIn(bodyOf(e.body), 'to_state'));
    const pack = textIn(first, 'pack') ?? '';
    const state = states.filter(Boolean).at(-1) ?? '';
    return {
        pack,
        version: events.map((e) => (e.kind.startsWith('case.') ? textIn(bodyOf(e.body), 'version') : null)).filter(Boolean).at(-1) ?? '',
        number: textIn(first, 'number') ?? '',
        title: textIn(first, 'title') ?? '',
        place: textIn(first, 'place') ?? '',
        state,
        final: isFinal(pack, state),
    };
}
