/* Periods of figures as the server names them: "2026-11-23", "2026-11", "2026", or "" for all time. */
export type Grain = 'all' | 'year' | 'month' | 'day';

const LENGTH: Record<Grain, number> = { all: 0, year: 4, month: 7, day: 10 };

export const periodOf = (day: string, grain: Grain) => day.slice(0, LENGTH[grain]);

export const grainOf = (period: string): Grain => {
    const found = (Object.keys(LENGTH) as Grain[]).find((grain) => LENGTH[grain] === period.length);
    return found ?? 'all';
};

/* The period before (-1) or after (+1). */
export function step(period: string, by: number): string {
    const [y = 1970, m = 1, d = 1] = period.split('-').map(Number);
    const grain = grainOf(period);
    if (grain === 'all') return period;
    const at = new Date(Date.UTC(grain === 'year' ? y + by : y, grain === 'month' ? m - 1 + by : m - 1, grain === 'day' ? d + by : d));
    return periodOf(at.toISOString(), grain);
}
