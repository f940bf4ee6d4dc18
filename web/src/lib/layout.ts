/* Draws a procedure from top to bottom: a layered layout after Sugiyama, Tagawa and Toda (1981). States lie on even layers,
 * the texts of edges are things with a size of their own on the layers between, so nothing can overlap:
 *   1 in a layer, boxes keep their order and distance (positions by isotonic regression, lib/isotonic);
 *   2 inside a layer's band every edge runs straight down at a place of its own; it bends only in the gaps between bands.
 * Cycles are cut by a depth-first walk from the first state; cut edges are drawn upwards. Cost: microseconds a state. */
import { separate } from './isotonic';

export interface Size {
    w: number;
    h: number;
}
export interface LayoutNode extends Size {
    id: string;
    last?: boolean; /* belongs at the bottom */
}
export interface LayoutEdge {
    from: string;
    to: string;
    label: Size;
}
export interface Box extends Size {
    x: number; /* centre */
    y: number; /* top */
}
export interface Placed {
    width: number;
    height: number;
    nodes: Map<string, Box>;
    edges: { from: string; to: string; label: Box; points: [number, number][] }[]; /* points: pairs of a straight run each */
}

const GAP_X = 22;
const GAP_Y = 24;
const SWEEPS = 12;
const STRAIGHTEN = 30;

interface Item extends Box {
    layer: number;
    up: Item[];
    down: Item[];
    dummy: boolean;
}

/* Edges that close a cycle, seen from the first node on. */
export function backEdges(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Set<LayoutEdge> {
    const state = new Map<string, 'open' | 'done'>();
    const back = new Set<LayoutEdge>();
    const visit = (id: string) => {
        state.set(id, 'open');
        for (const e of edges) {
            if (e.from !== id) continue;
            if (state.get(e.to) === 'open') back.add(e);
            else if (!state.has(e.to)) visit(e.to);
        }
        state.set(id, 'done');
    };
    for (const n of nodes) if (!state.has(n.id)) visit(n.id);
    return back;
}

/* Longest path from above; then nodes without a way in move down to those they lead to. */
function ranks(nodes: readonly LayoutNode[], ways: [string, string][]): Map<string, number> {
    const rank = new Map(nodes.map((n) => [n.id, 0]));
    const at = (id: string) => rank.get(id) ?? 0;
    for (let i = 0; i < nodes.length; i++)
        for (const [a, b] of ways) if (at(b) < at(a) + 1) rank.set(b, at(a) + 1);
    const bottom = Math.max(...rank.values());
    for (const n of nodes) if (n.last && !ways.some(([a]) => a === n.id)) rank.set(n.id, bottom);
    nodes.slice(1).forEach((n) => {
        const below = ways.filter(([a]) => a === n.id).map(([, b]) => at(b));
        if (below.length > 0 && !ways.some(([, b]) => b === n.id)) rank.set(n.id, Math.max(0, Math.min(...below) - 1));
    });
    return rank;
}

function crossings(layers: Item[][]): number {
    let n = 0;
    for (const layer of layers) {
        const ways = layer.flatMap((a, i) => a.down.map((b) => [i, layers[b.layer]!.indexOf(b)] as const));
        for (const [a, b] of ways) for (const [c, d] of ways) if (a < c && b > d) n++;
    }
    return n;
}

/* Orders each layer by where its neighbours lie, down and up again, and keeps the best order seen. */
function order(layers: Item[][]) {
    let best = { n: crossings(layers), layers: layers.map((layer) => [...layer]) };
    for (let sweep = 0; sweep < SWEEPS && best.n > 0; sweep++) {
        const down = sweep % 2 === 0;
        for (const layer of down ? layers : [...layers].reverse()) {
            const middle = new Map(
                layer.map((item, i) => {
                    const near = (down ? item.up : item.down).map((x) => layers[x.layer]!.indexOf(x));
                    return [item, near.length > 0 ? near.reduce((a, b) => a + b, 0) / near.length : i];
                }),
            );
            layer.sort((a, b) => middle.get(a)! - middle.get(b)!);
        }
        const n = crossings(layers);
        if (n < best.n) best = { n, layers: layers.map((layer) => [...layer]) };
    }
    best.layers.forEach((layer, i) => layers.splice(i, 1, layer));
}

/* Where a thing would like to lie: amid its neighbours. The links of a long edge hold to one another more than to its ends,
 * so that it runs straight down and bends where it begins and ends. */
function wished(item: Item): number {
    let [sum, total] = [0, 0];
    for (const x of [...item.up, ...item.down]) {
        const pull = item.dummy && x.dummy ? 6 : !item.dummy && !x.dummy ? 2 : 1;
        sum += pull * x.x;
        total += pull;
    }
    return total > 0 ? sum / total : item.x;
}

function placeAcross(layers: Item[][]) {
    for (const layer of layers) layer.forEach((item, i) => (item.x = i * 60));
    for (let sweep = 0; sweep < STRAIGHTEN; sweep++)
        for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
            const wish = layer.map(wished);
            const weight = layer.map((item) => ([...item.up, ...item.down].every((x) => x.dummy) ? 4 : 1));
            const apart = layer.map((item, i) => (i === 0 ? 0 : (layer[i - 1]!.w + item.w) / 2 + GAP_X));
            separate(wish, apart, weight).forEach((x, i) => (layer[i]!.x = x));
        }
}

function placeDown(layers: Item[][]): number {
    let y = 0;
    for (const layer of layers) {
        const height = Math.max(0, ...layer.map((item) => item.h));
        for (const item of layer) item.y = y + (height - item.h) / 2;
        y += height + GAP_Y;
    }
    return y - GAP_Y;
}

interface Chain {
    edge: LayoutEdge;
    back: boolean;
    items: Item[]; /* from the upper node to the lower */
    label: Item;
}

function chains(nodes: Map<string, Item>, edges: readonly LayoutEdge[], back: Set<LayoutEdge>, layers: Item[][]): Chain[] {
    return edges.map((edge) => {
        const isBack = back.has(edge);
        const [top, end] = isBack ? [edge.to, edge.from] : [edge.from, edge.to];
        const [a, b] = [nodes.get(top)!, nodes.get(end)!];
        const labelAt = isBack ? b.layer - 1 : a.layer + 1;
        const items = [a];
        for (let layer = a.layer + 1; layer < b.layer; layer++) {
            const size = layer === labelAt ? edge.label : { w: 8, h: 0 };
            const item: Item = { ...size, x: 0, y: 0, layer, up: [], down: [], dummy: true };
            layers[layer]!.push(item);
            items.push(item);
        }
        items.push(b);
        items.slice(1).forEach((item, i) => {
            items[i]!.down.push(item);
            item.up.push(items[i]!);
        });
        return { edge, back: isBack, items, label: items[labelAt - a.layer]! };
    });
}

/* Where on a node's side an edge begins: side by side in the order of what they lead to. */
function port(node: Item, towards: Item, side: 'up' | 'down'): number {
    const others = [...node[side]].sort((a, b) => a.x - b.x);
    const step = Math.min(16, (node.w - 16) / Math.max(others.length, 1));
    return node.x + (others.indexOf(towards) - (others.length - 1) / 2) * step;
}

const APPROACH = 7; /* an arrow's last steps are straight */

/* The straight runs of an edge: through the band of every layer it crosses. */
function runs(chain: Chain, bands: { top: number; bottom: number }[]): [number, number][] {
    const { items, back } = chain;
    const [first, last] = [items[0]!, items[items.length - 1]!];
    const points: [number, number][] = [];
    const start = port(first, items[1]!, 'down');
    points.push([start, first.y + first.h], [start, bands[first.layer]!.bottom + (back ? APPROACH : 0)]);
    for (const item of items.slice(1, -1)) points.push([item.x, bands[item.layer]!.top], [item.x, bands[item.layer]!.bottom]);
    const end = port(last, items[items.length - 2]!, 'up');
    points.push([end, bands[last.layer]!.top - (back ? 0 : APPROACH)], [end, last.y]);
    return back ? points.reverse() : points;
}

export function layout(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Placed {
    const known = new Set(nodes.map((n) => n.id));
    const drawn = edges.filter((e) => e.from !== e.to && known.has(e.from) && known.has(e.to));
    const back = backEdges(nodes, drawn);
    const rank = ranks(nodes, drawn.map((e) => (back.has(e) ? [e.to, e.from] : [e.from, e.to])));
    const depth = Math.max(0, ...rank.values());
    const layers: Item[][] = Array.from({ length: 2 * depth + 1 }, () => []);
    const items = new Map<string, Item>();
    for (const n of nodes) {
        const item: Item = { x: 0, y: 0, w: n.w, h: n.h, layer: 2 * rank.get(n.id)!, up: [], down: [], dummy: false };
        items.set(n.id, item);
        layers[item.layer]!.push(item);
    }
    const ways = chains(items, drawn, back, layers);
    order(layers);
    placeAcross(layers);
    const height = placeDown(layers);
    const all = layers.flat();
    const left = Math.min(...all.map((i) => i.x - i.w / 2));
    for (const item of all) item.x -= left;
    const bands = layers.map((layer) => ({
        top: Math.min(...layer.map((i) => i.y)),
        bottom: Math.max(...layer.map((i) => i.y + i.h)),
    }));
    const box = ({ x, y, w, h }: Item): Box => ({ x, y, w, h });
    return {
        width: Math.max(0, ...all.map((i) => i.x + i.w / 2)),
        height,
        nodes: new Map([...items].map(([id, item]) => [id, box(item)])),
        edges: ways.map((chain) => ({ ...chain.edge, label: box(chain.label), points: runs(chain, bands) })),
    };
}

/* SVG path: straight within bands, a soft bend in the gaps between. */
export function pathOf(points: readonly [number, number][]): string {
    const round = (n: number) => Math.round(n * 10) / 10;
    let d = `M${round(points[0]![0])} ${round(points[0]![1])}`;
    for (let i = 1; i < points.length; i++) {
        const [x0, y0, x, y] = [...points[i - 1]!, ...points[i]!].map(round) as [number, number, number, number];
        const mid = round((y0 + y) / 2);
        if (x0 === x && y0 === y) continue;
        d += i % 2 === 1 ? `L${x} ${y}` : `C${x0} ${mid} ${x} ${mid} ${x} ${y}`;
    }
    return d;
}
