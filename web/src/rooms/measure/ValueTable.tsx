/* One service's figures, one a line: value, target and whether it is met, the parts, what was left out. */
import { useTranslation } from 'react-i18next';
import type { IndicatorValue } from '@/api/types.gen';
import { lang } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { MetMark } from '@/parts/MetMark';
import { addressOf } from './address';
import { Change } from './Change';
import { Taken } from './Taken';
import { numberOf, show, showTarget, targetOf, unitOf } from '@/lib/figure';

export function ValueTable({ values, period }: { values: IndicatorValue[]; period: string }) {
    const { t } = useTranslation();
    const mayDrill = useMay('measure.events');
    return (
        <table className="values">
            <thead>
                <tr>
                    <th>{t('indicators.name')}</th>
                    <th className="r">{t('indicators.value')}</th>
                    <th>{t('indicators.target')}</th>
                    <th className="r">{t('indicators.num')}</th>
                    <th className="r">{t('indicators.den')}</th>
                    <th className="r" title={t('indicators.leftOutHint')}>
                        {t('indicators.leftOut')}
                    </th>
                    <th className="no-print" />
                </tr>
            </thead>
            <tbody>
                {values.map((v) => {
                    const x = numberOf(v);
                    const target = targetOf(v);
                    return (
                        <tr key={v.id} data-indicator={`${v.pack}/${v.id}`}>
                            <th scope="row">{lang() === 'zh' ? v.title_zh : v.title_en}</th>
                            <td className="r value" data-value={x ?? ''}>
                                {x === null ? (
                                    <span className="quiet">{t('indicators.noValue')}</span>
                                ) : (
                                    <>
                                        <b>{show(v)}</b> <small>{unitOf(v, lang())}</small>
                                        <Change of={v} />
                                    </>
                                )}
                            </td>
                            <td className="target">
                                {target !== null && (
                                    <>
                                        <MetMark of={v} />
                                        <span className="quiet">{showTarget(v, lang())}</span>
                                    </>
                                )}
                            </td>
                            <td className="r">{v.inputs.length > 0 ? '—' : v.num}</td>
                            <td className="r">{v.den || '—'}</td>
                            <td className="r quiet">
                                <Taken of={v} />
                            </td>
                            <td className="r no-print">
                                {mayDrill && <a href={addressOf(v.pack, v.id, period)}>{t('indicators.drill')}</a>}
                            </td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}
