/* A figure as people read it. Shares are computed from numerator and denominator as they stand beside it, so that what is
 * shown can be checked by eye. */
import type { IndicatorValue } from '@/api/types.gen';
import type { Lang } from '@/lib/i18n';

export type Shown = Pick<IndicatorValue, 'kind' | 'num' | 'den' | 'value' | 'target' | 'unit_zh' | 'unit_en' | 'higher_is_better'>;

const isShare = (v: Pick<Shown, 'unit_zh'>) => v.unit_zh === '%';
const percent = (x: number) => (Math.abs(x) <= 1 ? x * 100 : x);

export function numberOf(v: Shown): number | null {
    if (isShare(v) && v.kind === 'ratio' && v.den > 0) return (v.num / v.den) * 100;
    return v.value == null ? null : isShare(v) ? v.value * 100 : v.value;
}

export const targetOf = (v: Shown): number | null => (v.target == null ? null : isShare(v) ? percent(v.target) : v.target);

export const unitOf = (v: Pick<Shown, 'unit_zh' | 'unit_en'>, lang: Lang) => (lang === 'zh' ? v.unit_zh : v.unit_en);

/* Counts are whole; shares and means keep one digit, so that they stand under one another. */
export const show = (v: Shown): string => {
    const x = numberOf(v);
    return x === null ? '—' : isShare(v) || !Number.isInteger(x) ? x.toFixed(1) : String(x);
};

export const showTarget = (v: Shown, lang: Lang): string => {
    const target = targetOf(v);
    return target === null ? '' : `${v.higher_is_better ? '≥' : '≤'} ${Number(target.toFixed(1))}${unitOf(v, lang)}`;
};

export function met(v: Shown): boolean | null {
    const [x, target] = [numberOf(v), targetOf(v)];
    if (x === null || target === null) return null;
    return v.higher_is_better ? x >= target : x <= target;
}

/* The same figure of another time: what it is more or less than that; better or worse only where there is a target. */
export function changeFrom(v: Shown, before: number | null | undefined): { by: number; better: boolean | null } | null {
    const now = numberOf(v);
    if (now === null || before == null) return null;
    const by = Math.round((now - (isShare(v) ? before * 100 : before)) * 10) / 10;
    return { by, better: by === 0 || v.target == null ? null : by > 0 === v.higher_is_better };
}

export const showChange = (by: number): string => (by === 0 ? '±0' : `${by > 0 ? '+' : '−'}${Math.abs(by)}`);
