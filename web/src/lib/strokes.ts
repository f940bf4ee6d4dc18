/* A signature: what a pen drew becomes the strokes the server takes (engine/paper/paper.h). Whole numbers, y downwards, the
 * canvas's longer side 1000; at most 200 strokes and 6000 points. Pure. */
export type Drawn = readonly number[]; /* x, y, x, y ... in the canvas's own pixels */
export interface Size {
    width: number;
    height: number;
}

export const SIDE = 1000;
export const MOST_STROKES = 200;
export const MOST_POINTS = 6000;
const LEAST_SIDE = 20;
const LEAST_INK = 60;

/* How far p is from the line from a to b. */
function away(s: Drawn, p: number, a: number, b: number): number {
    const [ax, ay] = [s[a * 2]!, s[a * 2 + 1]!];
    const [dx, dy] = [s[b * 2]! - ax, s[b * 2 + 1]! - ay];
    const [px, py] = [s[p * 2]! - ax, s[p * 2 + 1]! - ay];
    const length2 = dx * dx + dy * dy;
    const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
    return Math.hypot(px - along * dx, py - along * dy);
}

/* Leaves out the points nearer than `near` to the line through those that stay (Douglas and Peucker); both ends stay. */
export function simplify(stroke: Drawn, near: number): number[] {
    const n = stroke.length / 2;
    if (n <= 2) return [...stroke];
    const stays = new Set([0, n - 1]);
    const open: [number, number][] = [[0, n - 1]];
    for (let piece = open.pop(); piece; piece = open.pop()) {
        const [a, b] = piece;
        let [farthest, most] = [0, near];
        for (let p = a + 1; p < b; p++) {
            const d = away(stroke, p, a, b);
            if (d > most) [farthest, most] = [p, d];
        }
        if (farthest === 0) continue;
        stays.add(farthest);
        open.push([a, farthest], [farthest, b]);
    }
    return [...stays].sort((a, b) => a - b).flatMap((p) => [stroke[p * 2]!, stroke[p * 2 + 1]!]);
}

/* Points that say again where the pen already is go. */
function distinct(stroke: readonly number[]): number[] {
    const out: number[] = [];
    for (let i = 0; i < stroke.length; i += 2)
        if (i === 0 || stroke[i] !== out.at(-2) || stroke[i + 1] !== out.at(-1)) out.push(stroke[i]!, stroke[i + 1]!);
    return out;
}

const pointsOf = (strokes: readonly Drawn[]) => strokes.reduce((n, s) => n + s.length / 2, 0);

export function strokesOf(drawn: readonly Drawn[], canvas: Size): number[][] {
    const scale = SIDE / Math.max(canvas.width, canvas.height, 1);
    const whole = (v: number) => Math.min(SIDE, Math.max(0, Math.round(v * scale)));
    const all = drawn.slice(0, MOST_STROKES).map((s) => distinct(s.map(whole)));
    let few = all;
    for (let near = 1; pointsOf(few) > MOST_POINTS; near *= 2) few = all.map((s) => simplify(s, near));
    return few;
}

/* Is it more than a dot? The server asks the same. */
export function isSignature(strokes: readonly Drawn[]): boolean {
    let [left, top, right, bottom, ink] = [Infinity, Infinity, -Infinity, -Infinity, 0];
    for (const s of strokes)
        for (let i = 0; i < s.length; i += 2) {
            const [x, y] = [s[i]!, s[i + 1]!];
            [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
            if (i > 0) ink += Math.hypot(x - s[i - 2]!, y - s[i - 1]!);
        }
    return Math.max(right - left, bottom - top) >= LEAST_SIDE && ink >= LEAST_INK;
}

/* The same drawing in the middle of a canvas of another size (the telephone was turned): as large as fits, not distorted. */
export function refit(drawn: readonly Drawn[], from: Size, to: Size): number[][] {
    const scale = Math.min(to.width / from.width, to.height / from.height);
    const [dx, dy] = [(to.width - from.width * scale) / 2, (to.height - from.height * scale) / 2];
    return drawn.map((s) => s.map((v, i) => v * scale + (i % 2 ? dy : dx)));
}
