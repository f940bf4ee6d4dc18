/* A figure as people read it. Shares are computed from numerator and denominator as they stand beside it, so that what is
 * shown can be checked by eye. */
import type { IndicatorValue } from '@/api/types.gen';
import type { Lang } from '@/lib/i18n';

type Shown = Pick<IndicatorValue, 'num' | 'den' | 'value' | 'target' | 'unit_zh' | 'unit_en' | 'higher_is_better'>;

const isShare = (v: Pick<Shown, 'unit_zh'>) => v.unit_zh === '%';
const percent = (x: number) => (Math.abs(x) <= 1 ? x * 100 : x);
const digits = (x: number) => (Number.isInteger(x) ? String(x) : x.toFixed(1));

export function numberOf(v: Shown): number | null {
    if (isShare(v)) return v.den > 0 ? (v.num / v.den) * 100 : null;
    return v.value ?? null;
}

export const targetOf = (v: Shown): number | null => (v.target == null ? null : isShare(v) ? percent(v.target) : v.target);

export const unitOf = (v: Pick<Shown, 'unit_zh' | 'unit_en'>, lang: Lang) => (lang === 'zh' ? v.unit_zh : v.unit_en);

export const show = (x: number | null) => (x === null ? '—' : digits(x));

export function met(v: Shown): boolean | null {
    const [x, target] = [numberOf(v), targetOf(v)];
    if (x === null || target === null) return null;
    return v.higher_is_better ? x >= target : x <= target;
}
