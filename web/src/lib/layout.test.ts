import { describe, expect, it } from 'vitest';
import { separate } from './isotonic';
import { type Box, layout, type LayoutEdge, type LayoutNode, type Placed } from './layout';

const node = (id: string, last = false): LayoutNode => ({ id, w: 108, h: 34, last });
const edge = (from: string, to: string): LayoutEdge => ({ from, to, label: { w: 54, h: 18 } });
const chart = (text: string): [LayoutNode[], LayoutEdge[]] => {
    const edges = text.split(' ').map((pair) => edge(...(pair.split('>') as [string, string])));
    const ids = [...new Set(edges.flatMap((e) => [e.from, e.to]))];
    return [ids.map((id) => node(id, id.startsWith('Z'))), edges];
};

const inside = (box: Box, x: number, y: number, margin = 0.5) =>
    x > box.x - box.w / 2 + margin && x < box.x + box.w / 2 - margin && y > box.y + margin && y < box.y + box.h - margin;
const overlap = (a: Box, b: Box) =>
    Math.abs(a.x - b.x) < (a.w + b.w) / 2 && a.y < b.y + b.h && b.y < a.y + a.h && a.w > 0 && b.w > 0;

/* Points along an edge as pathOf draws it. */
function trace(points: [number, number][]): [number, number][] {
    const out: [number, number][] = [];
    for (let i = 1; i < points.length; i++) {
        const [[x0, y0], [x1, y1]] = [points[i - 1]!, points[i]!];
        for (let t = 0; t <= 1; t += 0.05) {
            const x = i % 2 === 1 ? x0 + (x1 - x0) * t : x0 * (1 - t) ** 2 * (1 + 2 * t) + x1 * t ** 2 * (3 - 2 * t);
            out.push([x, y0 + (y1 - y0) * t]);
        }
    }
    return out;
}

function faults(placed: Placed): string[] {
    const found: string[] = [];
    const boxes = [
        ...[...placed.nodes].map(([id, box]) => ({ id, box })),
        ...placed.edges.map((e) => ({ id: `${e.from}>${e.to}`, box: e.label })),
    ];
    boxes.forEach((a, i) =>
        boxes.slice(i + 1).forEach((b) => {
            if (overlap(a.box, b.box)) found.push(`${a.id} lies on ${b.id}`);
        }),
    );
    for (const e of placed.edges)
        for (const other of boxes)
            if (other.id !== `${e.from}>${e.to}` && trace(e.points).some(([x, y]) => inside(other.box, x, y)))
                found.push(`edge ${e.from}>${e.to} runs through ${other.id}`);
    return found;
}

const charts = {
    'one state': 'a>a',
    'a line': 'a>b b>c c>d',
    'a diamond with a long way round': 'a>b a>c b>d c>d a>d d>Z',
    'returns and reopening': 'a>b b>c c>b c>d d>c d>a d>Z Z>c',
    'a work order': 'draft>offered draft>Zno offered>hand offered>arb arb>offered hand>susp susp>hand hand>reply reply>hand reply>ver ver>Z Z>hand',
    'an entry from anywhere': 'a>b b>c c>Z any>Zvoid',
};

describe('the layout of a procedure', () => {
    for (const [name, text] of Object.entries(charts))
        it(`overlaps nothing: ${name}`, () => {
            expect(faults(layout(...chart(text)))).toEqual([]);
        });

    it('overlaps nothing in 300 random charts', () => {
        let seed = 20261123;
        const draw = (n: number) => {
            seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
            return (seed >> 8) % n;
        };
        for (let round = 0; round < 300; round++) {
            const n = 2 + draw(9);
            const pairs = new Set(Array.from({ length: n + draw(2 * n) }, () => `s${draw(n)}>s${draw(n)}`));
            expect(faults(layout(...chart([...pairs].join(' ')))), `round ${round}: ${[...pairs].join(' ')}`).toEqual([]);
        }
    });

    it('puts every way forward below where it came from', () => {
        const placed = layout(...chart('a>b b>c c>Z'));
        const y = (id: string) => placed.nodes.get(id)!.y;
        expect(y('a') < y('b') && y('b') < y('c') && y('c') < y('Z')).toBe(true);
    });
});

describe('isotonic separation', () => {
    it('leaves alone what is apart already', () => {
        expect(separate([0, 100, 200], [0, 50, 50], [1, 1, 1])).toEqual([0, 100, 200]);
    });
    it('shares the push between those that collide', () => {
        expect(separate([10, 10], [0, 20], [1, 1])).toEqual([0, 20]);
        expect(separate([10, 10], [0, 20], [3, 1])).toEqual([5, 25]);
    });
});
