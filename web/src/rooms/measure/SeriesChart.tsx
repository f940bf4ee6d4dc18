/* A figure by day, with its target as a line. */
import { useTranslation } from 'react-i18next';
import type { IndicatorValue, SeriesPoint } from '@/api/types.gen';
import { LineChart } from '@/parts/LineChart';
import { numberOf, showTarget, targetOf, unitOf } from '@/lib/figure';
import { lang } from '@/lib/i18n';

export function SeriesChart({ points, of }: { points: SeriesPoint[]; of: IndicatorValue | undefined }) {
    const { t } = useTranslation();
    if (points.length < 2 || !of) return <p className="series-none quiet">{t('indicators.noSeries')}</p>;
    const target = targetOf(of);
    const unit = unitOf(of, lang());
    return (
        <LineChart
            days={points.map((p) => p.period)}
            values={points.map((p) => {
                const x = numberOf({ ...of, num: p.num, den: p.den, value: p.value });
                return x === null ? null : Math.round(x * 10) / 10;
            })}
            unit={unit}
            target={target === null ? null : { at: target, text: t('indicators.targetLine', { target: showTarget(of, lang()) }) }}
        />
    );
}
