/* From a pack's chart to boxes and edges with texts that fit, ready for lib/layout. Transitions between the same two states
 * share one edge; those from any open state start at a sign of their own. */
import { type Box, layout, type Placed, type Size } from './layout';
import { type PackView, say } from './pack';

export const ANY = '*';
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
    any: boolean;
    box: Box;
}
export interface DiagramEdge {
    from: string;
    to: string;
    events: string[]; /* titles, one a line */
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

const eventTitle = (pack: PackView, id: string) => {
    const found = pack.events.find((e) => e.id === id);
    return found ? say(found) : id;
};

function merge(pack: PackView): Map<string, string[]> {
    const edges = new Map<string, string[]>();
    for (const t of pack.transitions) {
        const key = `${t.from ?? ANY}>${t.to}`;
        const titles = edges.get(key) ?? [];
        const title = eventTitle(pack, t.event);
        if (!titles.includes(title)) titles.push(title);
        edges.set(key, titles);
    }
    return edges;
}

export function diagram(pack: PackView, anyTitle: string, second: (state: string) => string | null): Diagram {
    const sizeOf = (title: string, more: string | null): Size => ({
        w: Math.max(78, widthOf(title, 13) + PAD, more ? widthOf(more, 11) + PAD : 0),
        h: more ? 48 : 34,
    });
    const states = pack.states.map((s) => ({ id: s.id, title: say(s), final: s.final, any: false }));
    const merged = [...merge(pack)].map(([key, events]) => {
        const [from, to] = key.split('>') as [string, string];
        return { from, to, events };
    });
    if (merged.some((e) => e.from === ANY && states.some((s) => s.id === e.to))) states.push({ id: ANY, title: anyTitle, final: false, any: true });
    const placed: Placed = layout(
        states.map((s) => ({ id: s.id, last: s.final, ...sizeOf(s.title, second(s.id)) })),
        merged.map((e) => ({
            from: e.from,
            to: e.to,
            label: { w: Math.max(...e.events.map((text) => widthOf(text))) + 10, h: e.events.length * LINE + 3 },
        })),
    );
    return {
        width: placed.width,
        height: placed.height,
        nodes: states.map((s) => ({ ...s, box: placed.nodes.get(s.id)! })),
        edges: placed.edges.map((e) => ({ ...e, events: merged.find((m) => m.from === e.from && m.to === e.to)!.events })),
        stays: merged.filter((e) => e.from === e.to).map((e) => ({ state: e.from, events: e.events })),
    };
}
