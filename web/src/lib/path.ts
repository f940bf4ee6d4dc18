/* The way a case took through the drawing of its procedure. The ledger says for every move which event it was and where the
 * case rested before and after; the drawing says for every line which transitions it stands for ("from>to event event", "*>to":
 * from anywhere, no event: by itself). Here the two are brought together: a move took the lines whose event it was and that
 * lead from what was active to what became active, through steps that go on by themselves. */
import type { Diagram } from '@/api/types.gen';
import type { Step } from './timeline';

interface Ref {
    edge: number; /* its place in the drawing */
    from: string; /* "*": any */
    to: string;
    events: string[]; /* none: by itself */
}

export interface Path {
    active: Set<string>; /* with the boxes around */
    passed: Map<string, number>; /* state -> instant it was entered last */
    moves: Step[]; /* those that took a line; they are counted from 1 */
    taken: Map<number, number[]>; /* edge -> numbers of the moves that took it, in order */
}

const LONGEST = 8; /* steps that go on by themselves, one after the other */

export const refsOf = (of: Diagram): Ref[] =>
    of.edges.flatMap((e, edge) =>
        e.refs.map((ref) => {
            const [way = '', ...events] = ref.split(' ');
            const [from = '', to = ''] = way.split('>');
            return { edge, from, to, events };
        }),
    );

/* "error.*" and "error" take error.late; "*" takes all. */
const takes = (events: readonly string[], event: string) =>
    events.some((one) => {
        const stem = one.replace(/\.?\*$/, '');
        return stem === '' || event === stem || event.startsWith(`${stem}.`);
    });

/* What follows without anybody: no event, or one the machine itself raises. */
const byItself = (ref: Ref) => ref.events.length === 0 || ref.events.some((e) => e.startsWith('done.') || e.startsWith('error.'));

class Boxes {
    private readonly parent: Map<string, string | null>;
    private readonly kind: Map<string, string>;
    constructor(of: Diagram) {
        this.parent = new Map(of.nodes.map((n) => [n.id, n.parent ?? null]));
        this.kind = new Map(of.nodes.map((n) => [n.id, n.kind]));
    }
    /* These and all the boxes around them. */
    around(ids: readonly string[]): Set<string> {
        const all = new Set<string>();
        for (const id of ids) for (let at: string | null = id; at; at = this.parent.get(at) ?? null) all.add(at);
        return all;
    }
    within = (id: string, box: string) => id !== box && this.around([id]).has(box);
    /* Is one there, when it went to `to`? To a history state: where it lies. */
    reached(to: string, active: Set<string>) {
        return active.has(to) || (this.kind.get(to) === 'history' && active.has(this.parent.get(to) ?? ''));
    }
}

/* Lines by themselves from `at` to something active; null: none lead there. */
function onwards(at: string, refs: readonly Ref[], boxes: Boxes, active: Set<string>): Ref[] | null {
    let ways: { at: string; by: Ref[] }[] = [{ at, by: [] }];
    for (let n = 0; n < LONGEST && ways.length > 0; n++) {
        const next: typeof ways = [];
        for (const way of ways)
            for (const ref of refs) {
                const begins = ref.from === way.at || boxes.within(way.at, ref.from) || boxes.within(ref.from, way.at);
                if (!begins || !byItself(ref) || way.by.includes(ref)) continue;
                if (boxes.reached(ref.to, active)) return [...way.by, ref];
                next.push({ at: ref.to, by: [...way.by, ref] });
            }
        ways = next;
    }
    return null;
}

const same = (a: Set<string>, b: Set<string>) => a.size === b.size && [...a].every((id) => b.has(id));

/* The lines of one move. An inner box's line goes before one of a box around it, as in the engine. */
function linesOf(event: string, before: Set<string>, after: Set<string>, refs: readonly Ref[], boxes: Boxes): Ref[] {
    const firsts = refs.filter((r) => takes(r.events, event) && (r.from === '*' || before.has(r.from)));
    const straight = firsts.filter((r) => boxes.reached(r.to, after));
    const inner = straight.filter((r) => !straight.some((s) => s.from !== '*' && (r.from === '*' || boxes.within(s.from, r.from))));
    if (inner.length > 0 || same(before, after)) return inner;
    for (const first of firsts) {
        const rest = onwards(first.to, refs, boxes, after);
        if (rest) return [first, ...rest];
    }
    return [];
}

export function pathOf(of: Diagram, steps: readonly Step[]): Path {
    const [boxes, refs] = [new Boxes(of), refsOf(of)];
    const path: Path = { active: new Set(), passed: new Map(), moves: [], taken: new Map() };
    for (const step of steps) {
        if (!step.moved || step.states.length === 0) continue;
        const after = boxes.around(step.states);
        const lines = step.event ? linesOf(step.event, path.active, after, refs, boxes) : [];
        if (lines.length > 0) path.moves.push(step);
        for (const edge of new Set(lines.map((r) => r.edge))) path.taken.set(edge, [...(path.taken.get(edge) ?? []), path.moves.length]);
        for (const id of after) if (!path.active.has(id)) path.passed.set(id, step.at);
        for (const line of lines) if (!path.passed.has(line.to)) path.passed.set(line.to, step.at); /* passed through */
        path.active = after;
    }
    return path;
}
