import { expect, it } from 'vitest';
import { cityInput, formatFull, formatNear, fromCityInput, setCityOffset, span } from './time';

const at = Date.UTC(2026, 10, 22, 16, 30, 5);

it('shows city time, whatever the browser thinks', () => {
    setCityOffset(8 * 3_600_000);
    expect(formatFull(at)).toBe('2026-11-23 00:30:05');
    expect(formatNear(at, at + 3_600_000)).toBe('00:30');
    expect(formatNear(at, at - 3_600_000)).toBe('11-23 00:30');
    expect(fromCityInput(cityInput(at))).toBe(at - 5000);
    expect(fromCityInput('nonsense')).toBe(undefined);
});

it('says a length of time in its two largest useful parts', () => {
    const table = [
        [0, { n: 0, unit: 'second' }],
        [-59_999, { n: 59, unit: 'second' }],
        [60_000, { n: 1, unit: 'minute' }],
        [95 * 60_000, { n: 1, unit: 'hour', rest: 35 }],
        [26 * 3_600_000, { n: 1, unit: 'day', rest: 2 }],
    ] as const;
    for (const [ms, want] of table) expect(span(ms)).toEqual(want);
});
