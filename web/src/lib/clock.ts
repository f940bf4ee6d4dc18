/* How near its deadline a case is, by the clock that runs now. Four states of time; each has a colour, a shape and a word
 * (parts/ClockMark). That an earlier clock ran out is the case's `late`, which stays with it and is shown beside. */
import type { CaseBrief } from '@/api/types.gen';

export type Urgency = 'late' | 'soon' | 'fine' | 'none';

const SOON_SHARE = 0.25;
const SOON_AT_MOST = 24 * 3_600_000;

type Timed = Pick<CaseBrief, 'opened_at' | 'due_at' | 'late' | 'final'>;

/* "soon": the last quarter of the time it was given, but never more than a day ahead. */
export function urgency(c: Timed, now: number): Urgency {
    if (c.final) return c.late ? 'late' : 'none';
    if (c.due_at == null) return 'none';
    if (now >= c.due_at) return 'late';
    const left = c.due_at - now;
    const given = Math.max(c.due_at - c.opened_at, 1);
    return left <= SOON_AT_MOST && left <= given * SOON_SHARE ? 'soon' : 'fine';
}

/* Milliseconds to the deadline, negative when past; null when no clock runs. */
export const remaining = (c: Timed, now: number) => (c.final || c.due_at == null ? null : c.due_at - now);

const ORDER: Record<Urgency, number> = { late: 0, soon: 1, fine: 2, none: 3 };

const nearer = (a: CaseBrief, b: CaseBrief) => (a.due_at ?? Number.MAX_SAFE_INTEGER) - (b.due_at ?? Number.MAX_SAFE_INTEGER);

/* The order of a queue: late before soon before the rest; then the nearer deadline; then level; then age. */
export function byUrgency(now: number) {
    return (a: CaseBrief, b: CaseBrief) =>
        ORDER[urgency(a, now)] - ORDER[urgency(b, now)] ||
        nearer(a, b) ||
        a.level - b.level ||
        a.opened_at - b.opened_at ||
        (a.id < b.id ? -1 : 1);
}

/* Share of a clock's budget that is used, 0..1 and beyond. */
export const usedShare = (clock: { budget: number; consumed: number }) => (clock.budget > 0 ? clock.consumed / clock.budget : 0);
