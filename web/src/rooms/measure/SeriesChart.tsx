/* A figure over time, with its target as a line; and where there is one, the year before beneath it. */
import { useTranslation } from 'react-i18next';
import type { IndicatorValue, SeriesPoint } from '@/api/types.gen';
import { LineChart } from '@/parts/LineChart';
import { numberOf, showTarget, targetOf, unitOf } from '@/lib/figure';
import { lang } from '@/lib/i18n';
import { periodName } from '@/lib/period';

const rounded = (x: number | null) => (x === null ? null : Math.round(x * 10) / 10);

export function SeriesChart({ points, of }: { points: SeriesPoint[]; of: IndicatorValue | undefined }) {
    const { t } = useTranslation();
    if (points.length < 2 || !of) return <p className="series-none quiet">{t('indicators.noSeries')}</p>;
    const target = targetOf(of);
    const before = points.map((p) => (p.year_before == null ? null : rounded(numberOf({ ...of, num: 0, den: 0, value: p.year_before }))));
    return (
        <LineChart
            periods={points.map((p) => periodName(p.period, t))}
            name={t('indicators.thisYear')}
            values={points.map((p) => rounded(numberOf({ ...of, num: p.num, den: p.den, value: p.value })))}
            before={before.some((x) => x !== null) ? { name: t('indicators.yearBefore'), values: before } : null}
            unit={unitOf(of, lang())}
            target={target === null ? null : { at: target, text: t('indicators.targetLine', { target: showTarget(of, lang()) }) }}
        />
    );
}
