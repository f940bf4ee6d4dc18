/* How a figure has changed since the period before and since the year before; the sign says which way, the colour whether that
 * is good. */
import { useTranslation } from 'react-i18next';
import type { IndicatorValue } from '@/api/types.gen';
import { changeFrom, showChange } from '@/lib/figure';

export function Change({ of }: { of: IndicatorValue }) {
    const { t } = useTranslation();
    const sides = [
        { word: 'indicators.sinceBefore', change: changeFrom(of, of.before) },
        { word: 'indicators.sinceYear', change: changeFrom(of, of.year_before) },
    ] as const;
    return (
        <>
            {sides.map(
                ({ word, change }) =>
                    change && (
                        <span key={word} className="change">
                            {t(word)} <b className={change.better === null ? '' : change.better ? 'change-good' : 'change-bad'}>{showChange(change.by)}</b>
                        </span>
                    ),
            )}
        </>
    );
}
