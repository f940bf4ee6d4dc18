import { describe, expect, it } from 'vitest';
import { isSignature, MOST_POINTS, MOST_STROKES, refit, SIDE, simplify, strokesOf } from './strokes';

const wave = (n: number, phase = 0) => Array.from({ length: n }, (_, i) => [(i * 360) / n, 90 + 60 * Math.sin(i / 40 + phase)]).flat();
const points = (strokes: readonly (readonly number[])[]) => strokes.reduce((n, s) => n + s.length / 2, 0);

/* The plain way to say it: every point left out is near the line of those that stay. */
function farthest(all: readonly number[], few: readonly number[]): number {
    let most = 0;
    for (let p = 0; p < all.length; p += 2) {
        let nearest = Infinity;
        for (let i = 0; i + 3 < few.length; i += 2)
            for (let k = 0; k <= 200; k++) {
                const [x, y] = [few[i]! + ((few[i + 2]! - few[i]!) * k) / 200, few[i + 1]! + ((few[i + 3]! - few[i + 1]!) * k) / 200];
                nearest = Math.min(nearest, Math.hypot(all[p]! - x, all[p + 1]! - y));
            }
        most = Math.max(most, nearest);
    }
    return most;
}

describe('a stroke made simpler', () => {
    it('keeps both ends and lies as near as was asked', () => {
        const all = wave(400);
        for (const near of [0.5, 2, 8]) {
            const few = simplify(all, near);
            expect(few.slice(0, 2)).toEqual(all.slice(0, 2));
            expect(few.slice(-2)).toEqual(all.slice(-2));
            expect(few.length).toBeLessThan(all.length / 2);
            expect(farthest(all, few)).toBeLessThan(near + 0.1);
        }
    });
    it('leaves a dot and a short line as they are, and of a straight one its ends', () => {
        expect(simplify([3, 4], 1)).toEqual([3, 4]);
        expect(simplify([3, 4, 5, 6], 1)).toEqual([3, 4, 5, 6]);
        expect(simplify([0, 0, 1, 1, 2, 2, 9, 9], 0.1)).toEqual([0, 0, 9, 9]);
    });
    it('keeps a stroke that comes back to where it began', () => {
        expect(simplify([0, 0, 10, 0, 10, 10, 0, 10, 0, 0], 1)).toEqual([0, 0, 10, 0, 10, 10, 0, 10, 0, 0]);
    });
});

describe('what goes to the server', () => {
    it('is whole numbers on a canvas whose longer side is 1000, upright or lying', () => {
        expect(strokesOf([[0, 0, 180, 90.4]], { width: 360, height: 180 })).toEqual([[0, 0, 500, 251]]);
        expect(strokesOf([[180, 720]], { width: 360, height: 720 })).toEqual([[250, 1000]]);
    });
    it('stays on the canvas when the finger left it', () => {
        expect(strokesOf([[-5, -9, 400, 100]], { width: 360, height: 180 })).toEqual([[0, 0, SIDE, 278]]);
    });
    it('says no point twice in a row', () => {
        expect(strokesOf([[10, 10, 10.1, 10.1, 20, 20]], { width: 1000, height: 500 })).toEqual([[10, 10, 20, 20]]);
    });
    it('keeps the limits however much is drawn, and the shape as near as may be', () => {
        const drawn = Array.from({ length: 250 }, (_, i) => wave(300, i));
        const sent = strokesOf(drawn, { width: 360, height: 180 });
        expect(sent.length).toBe(MOST_STROKES);
        expect(points(sent)).toBeLessThanOrEqual(MOST_POINTS);
        expect(sent.every((s) => s.length >= 4 && s.every(Number.isInteger))).toBe(true);
    });
    it('is as it was drawn while it keeps them by itself', () => {
        const one = strokesOf([wave(500)], { width: 360, height: 180 });
        expect(points(one)).toBe(500);
    });
});

it('takes a name for a signature, and neither a dot nor a tick of the pen', () => {
    expect(isSignature([])).toBe(false);
    expect(isSignature([[500, 500]])).toBe(false);
    expect(isSignature([[500, 500, 515, 500], [500, 510, 515, 510]])).toBe(false);
    expect(isSignature([[100, 100, 200, 120]])).toBe(true);
});

it('keeps the shape when the telephone is turned', () => {
    const turned = refit([[0, 0, 300, 600]], { width: 300, height: 600 }, { width: 600, height: 300 });
    expect(turned).toEqual([[225, 0, 375, 300]]);
});
