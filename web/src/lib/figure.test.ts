import { expect, it } from 'vitest';
import type { TFunction } from 'i18next';
import { begun, grainOf, periodName, periodOf, step } from './period';
import { changeFrom, met, numberOf, show, showChange, showTarget, targetOf } from './figure';

it('steps from period to period over the ends of months and years', () => {
    const table = [
        ['2026-11-30', 1, '2026-12-01'],
        ['2026-03-01', -1, '2026-02-28'],
        ['2026-12', 1, '2027-01'],
        ['2026-01', -1, '2025-12'],
        ['2026', -1, '2025'],
        ['2026-Q4', 1, '2027-Q1'],
        ['2026-Q1', -1, '2025-Q4'],
        ['2026-H1', -1, '2025-H2'],
        ['2026-H1', 1, '2026-H2'],
        ['', 1, ''],
    ] as const;
    for (const [from, by, want] of table) expect(step(from, by)).toBe(want);
    expect(periodOf('2026-11-23', 'month')).toBe('2026-11');
    expect(['2026-06-30', '2026-07-01'].map((day) => periodOf(day, 'half_year'))).toEqual(['2026-H1', '2026-H2']);
    expect(['2026-09-30', '2026-10-01'].map((day) => periodOf(day, 'quarter'))).toEqual(['2026-Q3', '2026-Q4']);
    expect(grainOf('2026-11-23')).toBe('day');
});

const value = { kind: 'ratio', num: 9, den: 10, value: 0.9, target: 0.9, unit_zh: '%', unit_en: '%', higher_is_better: true };

it('shows a share as a per cent of what stands beside it, and judges it by its target', () => {
    expect([numberOf(value), show(value), targetOf(value), met(value)]).toEqual([90, '90.0', 90, true]);
    expect(showTarget(value, 'zh')).toBe('≥ 90%');
    expect(met({ ...value, num: 8 })).toBe(false);
    expect([show({ ...value, den: 0, value: null }), met({ ...value, den: 0, value: null })]).toEqual(['—', null]);
});

it('shows counts whole and means as they are; less may be better', () => {
    expect(show({ ...value, unit_zh: '件', kind: 'count', num: 12, den: 0, value: 12, target: null })).toBe('12');
    const mean = { ...value, kind: 'mean', unit_zh: '分钟', unit_en: 'min', value: 8.42, target: 8, higher_is_better: false };
    expect([show(mean), showTarget(mean, 'en'), met(mean)]).toEqual(['8.4', '≤ 8min', false]);
});

it('says quarters and halves in words, and whether a period has begun', () => {
    const t = ((key: string, of?: { year: string; n?: string }) => [key, of?.year, of?.n].filter(Boolean).join(' ')) as unknown as TFunction;
    expect(['2026-Q4', '2026-H1', '2026-H2', '2026-11', ''].map((p) => periodName(p, t))).toEqual([
        'period.quarter 2026 4',
        'period.firstHalf 2026',
        'period.secondHalf 2026',
        '2026-11',
        'indicators.everything',
    ]);
    const today = '2026-05-20';
    expect(['2026-Q2', '2026-Q3', '2026-H1', '2026-H2', '2026-05', '2026-06', '2027'].map((p) => begun(p, today))).toEqual([true, false, true, false, true, false, false]);
});

it('tells a change with its sign, shares in points, and whether it is for the better', () => {
    expect(changeFrom(value, 0.85)).toEqual({ by: 5, better: true });
    expect(changeFrom({ ...value, higher_is_better: false }, 0.85)).toEqual({ by: 5, better: false });
    expect(changeFrom({ ...value, target: null }, 0.85)).toEqual({ by: 5, better: null });
    expect(changeFrom(value, 0.9)).toEqual({ by: 0, better: null });
    expect([changeFrom(value, null), changeFrom({ ...value, den: 0, value: null }, 0.9)]).toEqual([null, null]);
    expect([5, -0.5, 0].map(showChange)).toEqual(['+5', '−0.5', '±0']);
});
