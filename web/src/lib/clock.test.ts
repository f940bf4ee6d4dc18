import { describe, expect, it } from 'vitest';
import type { CaseBrief } from '@/api/types.gen';
import { byUrgency, remaining, urgency, usedShare } from './clock';

const HOUR = 3_600_000;
const at = (opened: number, due: number | null, more: Partial<CaseBrief> = {}) =>
    ({ id: 'x', opened_at: opened * HOUR, due_at: due === null ? null : due * HOUR, late: false, final: false, level: 2, ...more }) as CaseBrief;

describe('the colour of a clock', () => {
    const table = [
        { name: 'plenty of time', of: at(0, 8), now: 1, want: 'fine' },
        { name: 'a minute before the last quarter', of: at(0, 8), now: 6 - 1 / 60, want: 'fine' },
        { name: 'the last quarter', of: at(0, 8), now: 6, want: 'soon' },
        { name: 'the very instant', of: at(0, 8), now: 8, want: 'late' },
        { name: 'past', of: at(0, 8), now: 9, want: 'late' },
        { name: 'an earlier clock ran out, the one that runs has time', of: at(0, 80, { late: true }), now: 1, want: 'fine' },
        { name: 'an earlier clock ran out, none runs now', of: at(0, null, { late: true }), now: 1, want: 'none' },
        { name: 'a month given, two days left', of: at(0, 720), now: 672, want: 'fine' },
        { name: 'a month given, a day left', of: at(0, 720), now: 696, want: 'soon' },
        { name: 'no clock runs', of: at(0, null), now: 99, want: 'none' },
        { name: 'closed in time', of: at(0, 8, { final: true }), now: 99, want: 'none' },
        { name: 'closed late', of: at(0, 8, { final: true, late: true }), now: 99, want: 'late' },
    ] as const;
    for (const { name, of, now, want } of table)
        it(name, () => {
            expect(urgency(of, now * HOUR)).toBe(want);
        });
});

describe('the order of a queue', () => {
    it('is late, soon, in time, without a clock; the nearer deadline first', () => {
        const rows = [at(0, null, { id: 'none' }), at(0, 100, { id: 'far' }), at(0, 40, { id: 'near' }), at(0, 12, { id: 'soon' }), at(0, 5, { id: 'late' })];
        expect(rows.sort(byUrgency(10 * HOUR)).map((c) => c.id)).toEqual(['late', 'soon', 'near', 'far', 'none']);
    });
    it('is the same however the rows came', () => {
        const rows = [at(0, null, { id: 'b' }), at(0, null, { id: 'a' }), at(0, null, { id: 'c', level: 1 })];
        expect([...rows].sort(byUrgency(0)).map((c) => c.id)).toEqual([...rows].reverse().sort(byUrgency(0)).map((c) => c.id));
    });
});

describe('time left', () => {
    it('is negative when past and nothing when closed or not running', () => {
        expect(remaining(at(0, 8), 9 * HOUR)).toBe(-HOUR);
        expect(remaining(at(0, 8, { final: true }), 0)).toBe(null);
        expect(remaining(at(0, null), 0)).toBe(null);
    });
    it('as a share of no budget is none', () => {
        expect(usedShare({ budget: 0, consumed: 5 })).toBe(0);
        expect(usedShare({ budget: 10, consumed: 5 })).toBe(0.5);
    });
});
