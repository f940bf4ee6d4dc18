import { describe, expect, it } from 'vitest';
import type { Diagram } from '@/api/types.gen';
import { clockNow } from './chart';
import { pathOf } from './path';
import { stepOf } from './timeline';

/* "box: a b" - what a box holds; "a>b event" - a line, with the transitions it stands for parted by "|". */
function drawn(boxes: Record<string, string>, lines: string[], history: string[] = []): Diagram {
    const inside = Object.entries(boxes).flatMap(([box, ids]) => ids.split(' ').map((id) => [id, box] as const));
    const ids = new Set([...Object.keys(boxes), ...inside.map(([id]) => id), ...lines.flatMap((line) => line.split('|').flatMap((ref) => ref.split(' ')[0]!.split('>')))]);
    const node = (id: string) => ({
        id,
        title: [id],
        kind: history.includes(id) ? 'history' : id in boxes ? 'compound' : 'plain',
        parent: inside.find(([child]) => child === id)?.[1] ?? null,
        box: [],
        head: [],
        lines: [],
    });
    const edges = lines.map((line) => ({ from: line.split('>')[0]!, to: line.split(/[> ]/)[1]!, points: [], path: '', lines: [], refs: line.split('|') }));
    return { width: 0, height: 0, nodes: [...ids].map(node), edges, parts: [] };
}

/* "event state" or "event: leaf leaf" (a procedure with boxes), one after the other; the first is the opening. */
const told = (moves: string[]) =>
    moves.map((move, i) => {
        const [event = '', ...states] = move.replace(':', '').split(' ');
        const before = moves[i - 1]?.split(' ').at(-1);
        return stepOf({ seq: i, at: i, kind: 'case.moved', operation: '-', actor: 'a', body: { event, from_state: before ?? null, to_state: states[0]!, ...(move.includes(':') && { states: states.join(' ') }) } });
    });

const FLAT = ['a>b send', 'b>c done|b>c late', 'b>a back', 'c>a again', '*>z cancel', 'c>d judge', 'd>e', 'd>f', 'f>a done.f'];
const NESTED = { open: 'a b h', b: 'b1 b2' };
const NESTED_LINES = ['a>b go', 'b1>b2 go', 'open>held hold', 'held>h resume', 'open>z cancel', 'b1>z cancel', 'b2>open again'];
const BOTH = { all: 'r1 r2', r1: 'a b', r2: 'x y' };
const BOTH_LINES = ['a>b go', 'x>y go', 'x>y show', 'all>z done.state.all'];

const table: { name: string; of: Diagram; moves: string[]; want: string[]; active: string[] }[] = [
    { name: 'a line is taken by the event that leads along it', of: drawn({}, FLAT), moves: ['opened a', 'send b', 'late c'], want: ['a>b send:1', 'b>c done|b>c late:2'], active: ['c'] },
    { name: 'each time is counted, in order', of: drawn({}, FLAT), moves: ['opened a', 'send b', 'back a', 'send b', 'back a'], want: ['a>b send:1,3', 'b>a back:2,4'], active: ['a'] },
    { name: 'from anywhere', of: drawn({}, FLAT), moves: ['opened a', 'send b', 'cancel z'], want: ['a>b send:1', '*>z cancel:2'], active: ['z'] },
    { name: 'an event that stays takes no line and does not count', of: drawn({}, FLAT), moves: ['opened a', 'urge a', 'send b'], want: ['a>b send:1'], active: ['b'] },
    { name: 'steps that go on by themselves belong to the move', of: drawn({}, FLAT), moves: ['opened c', 'judge e'], want: ['c>d judge:1', 'd>e:1'], active: ['e'] },
    { name: 'so do those the machine raises', of: drawn({}, FLAT), moves: ['opened c', 'judge a'], want: ['c>d judge:1', 'd>f:1', 'f>a done.f:1'], active: ['a'] },
    { name: 'a move by hand takes no line', of: drawn({}, FLAT), moves: ['opened a', 'migrated c', 'again a'], want: ['c>a again:1'], active: ['a'] },
    { name: 'boxes around are active too', of: drawn(NESTED, NESTED_LINES), moves: ['opened: a', 'go: b1', 'go: b2'], want: ['a>b go:1', 'b1>b2 go:2'], active: ['b2', 'b', 'open'] },
    { name: 'a line out of the box is taken from within', of: drawn(NESTED, NESTED_LINES), moves: ['opened: a', 'hold: held'], want: ['open>held hold:1'], active: ['held'] },
    { name: 'history leads back inside', of: drawn(NESTED, NESTED_LINES, ['h']), moves: ['opened: a', 'hold: held', 'resume: a'], want: ['open>held hold:1', 'held>h resume:2'], active: ['a', 'open'] },
    { name: 'the inner line goes before the outer', of: drawn(NESTED, NESTED_LINES), moves: ['opened: a', 'go: b1', 'cancel: z'], want: ['a>b go:1', 'b1>z cancel:2'], active: ['z'] },
    { name: 'a box may be entered anew', of: drawn(NESTED, NESTED_LINES), moves: ['opened: b2', 'again: a'], want: ['b2>open again:1'], active: ['a', 'open'] },
    { name: 'regions move side by side in one move', of: drawn(BOTH, BOTH_LINES), moves: ['opened: a x', 'go: b y'], want: ['a>b go:1', 'x>y go:1'], active: ['b', 'r1', 'all', 'y', 'r2'] },
    { name: 'or one of them alone', of: drawn(BOTH, BOTH_LINES), moves: ['opened: a x', 'show: a y'], want: ['x>y show:1'], active: ['a', 'r1', 'all', 'y', 'r2'] },
    { name: 'a family of events', of: drawn({}, ['a>b error.*', 'a>c *']), moves: ['opened a', 'error.late b'], want: ['a>b error.*:1'], active: ['b'] },
    { name: 'a state of another version is no place here', of: drawn({}, FLAT), moves: ['opened old', 'send b'], want: [], active: ['b'] },
];

describe('the way a case took', () => {
    for (const { name, of, moves, want, active } of table)
        it(name, () => {
            const path = pathOf(of, told(moves));
            const taken = of.edges.flatMap((e, i) => (path.taken.has(i) ? [`${e.refs.join('|')}:${path.taken.get(i)!.join(',')}`] : []));
            expect(taken).toEqual(want);
            expect([...path.active]).toEqual(active);
        });

    it('looks at the case are no moves of it; what was passed through was passed', () => {
        const look = stepOf({ seq: 9, at: 9, kind: 'read', operation: '-', actor: 'a', body: { to_state: 'b' } });
        const path = pathOf(drawn({}, FLAT), [...told(['opened c', 'judge e']), look]);
        expect([...path.passed.keys()].sort()).toEqual(['c', 'd', 'e']);
        expect(path.moves.map((step) => step.event)).toEqual(['judge']);
    });
});

describe('a clock in the drawing', () => {
    const clock = { id: 'k', state: 'running', due_at: 100, budget: 80, consumed: 30, expired: false, provisional: false };
    const rows = [
        { name: 'runs where the case is', of: clock, here: true, want: { tone: 'running', span: 60 } },
        { name: 'and is drawn as it is elsewhere', of: clock, here: false, want: null },
        { name: 'is over', of: { ...clock, due_at: 30 }, here: true, want: { tone: 'late', span: 10 } },
        { name: 'is paused with what is left', of: { ...clock, state: 'paused', due_at: null }, here: false, want: { tone: 'paused', span: 50 } },
        { name: 'stopped and took so long', of: { ...clock, state: 'stopped', due_at: null }, here: false, want: { tone: 'stopped', span: 30 } },
        { name: 'stopped too late', of: { ...clock, state: 'stopped', due_at: null, consumed: 90, expired: true }, here: false, want: { tone: 'late', span: 10 } },
    ];
    for (const { name, of, here, want } of rows) it(name, () => expect(clockNow(of, here, 40)).toEqual(want));
});
