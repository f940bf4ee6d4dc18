/* What a figure made of figures was made of: each with its value, and of a score its weight; each opens as a figure itself. */
import { useTranslation } from 'react-i18next';
import type { IndicatorInput } from '@/api/types.gen';
import { numberOf } from '@/lib/figure';
import { lang } from '@/lib/i18n';
import { periodName } from '@/lib/period';
import { addressOf } from './address';

interface Props {
    pack: string;
    inputs: readonly IndicatorInput[];
    by: string;
    group: string;
}

export function Inputs({ pack, inputs, by, group }: Props) {
    const { t } = useTranslation();
    const weighed = inputs.some((i) => i.weight != null);
    const say = (i: IndicatorInput) => {
        const x = numberOf({ ...i, higher_is_better: true });
        return x === null ? '—' : `${Number(x.toFixed(1))} ${lang() === 'zh' ? i.unit_zh : i.unit_en}`;
    };
    return (
        <div className="values-wide">
            <table className="values">
                <thead>
                    <tr>
                        <th>{t('indicators.name')}</th>
                        <th>{t('indicators.period')}</th>
                        <th className="r">{t('indicators.value')}</th>
                        <th className="r">{t('indicators.num')}</th>
                        <th className="r">{t('indicators.den')}</th>
                        {weighed && <th className="r">{t('indicators.weight')}</th>}
                        {weighed && <th className="r">{t('indicators.fullAndZero')}</th>}
                    </tr>
                </thead>
                <tbody>
                    {inputs.map((i) => (
                        <tr key={`${i.id} ${i.period}`} data-input={i.id}>
                            <th scope="row">
                                <a href={addressOf(pack, i.id, i.period, by, group)}>{lang() === 'zh' ? i.title_zh : i.title_en}</a>
                            </th>
                            <td>{periodName(i.period, t)}</td>
                            <td className="r">{say(i)}</td>
                            <td className="r">{i.num}</td>
                            <td className="r">{i.den || '—'}</td>
                            {weighed && <td className="r">{i.weight ?? '—'}</td>}
                            {weighed && <td className="r">{i.full == null ? '—' : `${i.full} … ${i.zero}`}</td>}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
