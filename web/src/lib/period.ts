/* Periods of figures as the server names them: "2026-11-23", "2026-11", "2026-Q4", "2026-H2", "2026", or "" for all time. */
import type { TFunction } from 'i18next';

export type Grain = 'all' | 'year' | 'half_year' | 'quarter' | 'month' | 'day';

const MONTHS = { year: 12, half_year: 6, quarter: 3, month: 1 };
const SHAPES: [Grain, RegExp][] = [
    ['day', /^\d{4}-\d\d-\d\d$/],
    ['month', /^\d{4}-\d\d$/],
    ['quarter', /^\d{4}-Q[1-4]$/],
    ['half_year', /^\d{4}-H[12]$/],
    ['year', /^\d{4}$/],
];

export function periodOf(day: string, grain: Grain): string {
    const month = Number(day.slice(5, 7)) - 1;
    if (grain === 'all') return '';
    if (grain === 'quarter') return `${day.slice(0, 4)}-Q${Math.floor(month / 3) + 1}`;
    if (grain === 'half_year') return `${day.slice(0, 4)}-H${Math.floor(month / 6) + 1}`;
    return day.slice(0, grain === 'day' ? 10 : grain === 'month' ? 7 : 4);
}

export const grainOf = (period: string): Grain => SHAPES.find(([, shape]) => shape.test(period))?.[0] ?? 'all';

/* Its first day: year, month from 0, day. */
function begins(period: string, grain: Grain): [number, number, number] {
    const [year, part, day] = period.split('-');
    const n = Number(part?.replace(/^[QH]/, '') ?? 1);
    return [Number(year), grain === 'quarter' || grain === 'half_year' ? (n - 1) * MONTHS[grain] : n - 1, Number(day ?? 1)];
}

/* The period before (-1) or after (+1). */
export function step(period: string, by: number): string {
    const grain = grainOf(period);
    if (grain === 'all') return period;
    const [year, month, day] = begins(period, grain);
    const at = grain === 'day' ? Date.UTC(year, month, day + by) : Date.UTC(year, month + by * MONTHS[grain], day);
    return periodOf(new Date(at).toISOString(), grain);
}

/* As people say it: a day, a month and a year by their numbers, quarters and halves in words. */
export function periodName(period: string, t: TFunction): string {
    const [year, part = ''] = period.split('-');
    const grain = grainOf(period);
    if (grain === 'quarter') return t('period.quarter', { year, n: part.slice(1) });
    if (grain === 'half_year') return t(part === 'H1' ? 'period.firstHalf' : 'period.secondHalf', { year });
    return period || t('indicators.everything');
}

/* Has it begun by then? */
export const begun = (period: string, today: string) => period <= periodOf(today, grainOf(period));
