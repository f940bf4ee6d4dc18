/* From a pack's chart to boxes and edges with texts that fit, ready for lib/layout. Transitions between the same two states
 * share one edge; an event that leads to one state from many others (a cancellation, say) starts at a sign of its own
 * instead of drawing a line from each. */
import { type Box, layout, type Placed, type Size } from './layout';
import { type PackView, say } from './pack';

const MANY = 3;
export const LINE = 15;
const PAD = 22;

/* Width of a text at 12 px: Chinese characters are square, others about half. */
export function widthOf(text: string, size = 12): number {
    let w = 0;
    for (const c of text) w += c.codePointAt(0)! > 0x2e7f ? size : size * 0.58;
    return Math.ceil(w);
}

export interface DiagramNode {
    id: string;
    title: string;
    final: boolean;
    sign: boolean; /* stands for several states */
    box: Box;
}
export interface DiagramEdge {
    from: string;
    to: string;
    events: string[]; /* titles, one a line */
    pairs: string[]; /* "from>to" of the transitions it stands for */
    label: Box;
    points: [number, number][];
}
export interface Diagram {
    width: number;
    height: number;
    nodes: DiagramNode[];
    edges: DiagramEdge[];
    stays: { state: string; events: string[] }[]; /* transitions that end where they began */
}

interface Edge {
    from: string;
    to: string;
    events: string[];
    pairs: string[];
}
interface Sign {
    id: string;
    from: string[]; /* the states it stands for; none: every open one */
}

const eventTitle = (pack: PackView, id: string) => {
    const found = pack.events.find((e) => e.id === id);
    return found ? say(found) : id;
};

/* Events that reach one state from many, each with the sign it starts from. */
function signsOf(pack: PackView): Map<string, Sign> {
    const from = new Map<string, Set<string | null>>();
    for (const t of pack.transitions) {
        if (t.from === t.to) continue;
        const key = `${t.event}>${t.to}`;
        from.set(key, (from.get(key) ?? new Set()).add(t.from));
    }
    const signs = new Map<string, Sign>();
    for (const [key, states] of from)
        if (states.has(null)) signs.set(key, { id: '*', from: [] });
        else if (states.size >= MANY) signs.set(key, { id: `*${[...states].sort().join('|')}`, from: [...states].map(String) });
    return signs;
}

function edgesOf(pack: PackView, signs: Map<string, Sign>): Edge[] {
    const edges = new Map<string, Edge>();
    for (const t of pack.transitions) {
        const from = t.from === t.to ? t.to : (signs.get(`${t.event}>${t.to}`)?.id ?? t.from ?? '*');
        const edge = edges.get(`${from}>${t.to}`) ?? { from, to: t.to, events: [], pairs: [] };
        const title = eventTitle(pack, t.event);
        if (!edge.events.includes(title)) edge.events.push(title);
        edge.pairs.push(`${t.from ?? '*'}>${t.to}`);
        edges.set(`${from}>${t.to}`, edge);
    }
    return [...edges.values()];
}

export interface Words {
    any: string;
    several: (n: number) => string;
}

/* `second`: a second line in a state's box, where there is one. */
export function diagram(pack: PackView, words: Words, second: (state: string) => string | null): Diagram {
    const sizeOf = (title: string, more: string | null): Size => ({
        w: Math.max(78, widthOf(title, 13) + PAD, more ? widthOf(more, 11) + PAD : 0),
        h: more ? 48 : 34,
    });
    const signs = signsOf(pack);
    const edges = edgesOf(pack, signs);
    const nodes = [
        ...pack.states.map((s) => ({ id: s.id, title: say(s), final: s.final, sign: false })),
        ...[...new Map([...signs.values()].map((sign) => [sign.id, sign])).values()].map((sign) => ({
            id: sign.id,
            title: sign.from.length > 0 ? words.several(sign.from.length) : words.any,
            final: false,
            sign: true,
        })),
    ];
    const placed: Placed = layout(
        nodes.map((n) => ({ id: n.id, last: n.final, ...sizeOf(n.title, second(n.id)) })),
        edges.map((e) => ({
            from: e.from,
            to: e.to,
            label: { w: Math.max(...e.events.map((text) => widthOf(text))) + 10, h: e.events.length * LINE + 3 },
        })),
    );
    return {
        width: placed.width,
        height: placed.height,
        nodes: nodes.map((n) => ({ ...n, box: placed.nodes.get(n.id)! })),
        edges: placed.edges.map((drawn) => ({ ...edges.find((e) => e.from === drawn.from && e.to === drawn.to)!, ...drawn })),
        stays: edges.filter((e) => e.from === e.to).map((e) => ({ state: e.from, events: e.events })),
    };
}
