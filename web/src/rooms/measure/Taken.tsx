/* What a figure does not count: so many that could not be judged, and so many taken out, each for its reason. */
import { useTranslation } from 'react-i18next';
import type { IndicatorValue } from '@/api/types.gen';
import { lang } from '@/lib/i18n';

export function Taken({ of }: { of: IndicatorValue }) {
    const { t } = useTranslation();
    const out = of.excluded.filter((e) => e.n > 0);
    if (of.left_out === 0 && out.length === 0) return <>0</>;
    return (
        <>
            {of.left_out > 0 && <span title={t('indicators.leftOutHint')}>{of.left_out}</span>}
            {out.length > 0 && (
                <ul className="taken" title={t('indicators.excludedHint')}>
                    {out.map((e) => (
                        <li key={e.id}>
                            {lang() === 'zh' ? e.reason_zh : e.reason_en} <b>{e.n}</b>
                        </li>
                    ))}
                </ul>
            )}
        </>
    );
}
