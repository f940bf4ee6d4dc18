/* A case's ledger events as the console reads them: which way through the procedure was taken, and what stands in them. */
import type { JsonObject, JsonValue, TimelineEvent } from '@/api/types.gen';

const textIn = (o: JsonObject, key: string): string | null => (typeof o[key] === 'string' && o[key] !== '' ? (o[key] as string) : null);
const bodyOf = (body: JsonValue): JsonObject => (body && typeof body === 'object' && !Array.isArray(body) ? body : {});

export interface Step {
    seq: number;
    at: number;
    kind: string;
    actor: string;
    role: string | null;
    event: string | null;
    from: string | null;
    to: string | null;
    unit: string | null;
    note: string | null;
    clock: string | null;
    percent: number | null;
    facts: JsonObject;
    moved: boolean; /* an event of the case itself, not somebody's look at it */
}

export function stepOf(e: TimelineEvent): Step {
    const body = bodyOf(e.body);
    return {
        seq: e.seq,
        at: e.at,
        kind: e.kind,
        actor: e.actor,
        role: textIn(body, 'by_role') ?? textIn(body, 'role'),
        event: textIn(body, 'event'),
        from: textIn(body, 'from_state'),
        to: textIn(body, 'to_state'),
        unit: textIn(body, 'unit'),
        note: textIn(body, 'note'),
        clock: textIn(body, 'clock'),
        percent: typeof body.percent === 'number' ? body.percent : null,
        facts: bodyOf(body.facts ?? null),
        moved: e.kind.startsWith('case.'),
    };
}

/* What the open timeline says of a case before anything personal is asked for. */
export interface Opening {
    pack: string;
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
        number: textIn(first, 'number') ?? '',
        title: textIn(first, 'title') ?? '',
        place: textIn(first, 'place') ?? '',
        state,
        final: isFinal(pack, state),
    };
}

export interface Way {
    states: Map<string, number>; /* state -> instant it was entered last */
    pairs: Set<string>; /* "from>to" */
}

/* The path taken so far. */
export function wayOf(steps: readonly Step[]): Way {
    const way: Way = { states: new Map(), pairs: new Set() };
    for (const step of steps) {
        if (!step.moved || !step.to) continue;
        way.states.set(step.to, step.at);
        if (step.from && step.from !== step.to) way.pairs.add(`${step.from}>${step.to}`);
    }
    return way;
}
