/* Instants for people, always in the city's own local time (its offset comes with the session), never the browser's. */
let offset = 8 * 3_600_000;

export const setCityOffset = (ms: number) => {
    offset = ms;
};

const two = (n: number) => String(n).padStart(2, '0');
const local = (at: number) => new Date(at + offset);

export const formatDay = (at: number) => {
    const d = local(at);
    return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
};
export const formatMinute = (at: number) => {
    const d = local(at);
    return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
};
export const formatSecond = (at: number) => `${formatMinute(at)}:${two(local(at).getUTCSeconds())}`;
export const formatShort = (at: number) => {
    const d = local(at);
    return `${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${formatMinute(at)}`;
};
export const formatFull = (at: number) => `${formatDay(at)} ${formatSecond(at)}`;
/* Today's things by the minute, older ones with their day. */
export const formatNear = (at: number, now: number) => (formatDay(at) === formatDay(now) ? formatMinute(at) : formatShort(at));

/* Start of a local day given as "2026-11-23", as an instant. */
export const dayStart = (day: string) => Date.parse(`${day}T00:00:00Z`) - offset;

export type Span = { n: number; unit: 'second' | 'minute' | 'hour' | 'day'; rest?: number };
/* A length of time in its two largest useful parts: 95 min is 1 hour, rest 35. */
export function span(ms: number): Span {
    const s = Math.floor(Math.abs(ms) / 1000);
    if (s < 60) return { n: s, unit: 'second' };
    if (s < 3600) return { n: Math.floor(s / 60), unit: 'minute' };
    if (s < 86_400) return { n: Math.floor(s / 3600), unit: 'hour', rest: Math.floor((s % 3600) / 60) };
    return { n: Math.floor(s / 86_400), unit: 'day', rest: Math.floor((s % 86_400) / 3600) };
}

/* What a datetime-local input shows and gives back, in city time. */
export const cityInput = (at: number) => `${formatDay(at)}T${formatMinute(at)}`;
export const fromCityInput = (text: string): number | undefined => {
    if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined;
    const at = Date.parse(`${text}:00Z`);
    return Number.isNaN(at) ? undefined : at - offset;
};
