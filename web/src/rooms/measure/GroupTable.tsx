/* The same figures side by side for organisations or areas: a line a group, a column an indicator. */
import { useTranslation } from 'react-i18next';
import type { IndicatorValue } from '@/api/types.gen';
import { useAreaName } from '@/lib/areas';
import { lang } from '@/lib/i18n';
import { useOrgs } from '@/lib/orgs';
import { met, show, unitOf } from '@/lib/figure';
import { useMay } from '@/lib/session';
import { addressOf } from './address';

/* "9 / 10, left out 1, weather 2" */
function partsOf(v: IndicatorValue, leftOut: string): string {
    const taken = [...(v.left_out > 0 ? [`${leftOut} ${v.left_out}`] : []), ...v.excluded.map((e) => `${lang() === 'zh' ? e.reason_zh : e.reason_en} ${e.n}`)];
    return [`${v.num} / ${v.den}`, ...taken].join(' · ');
}

export function GroupTable({ values, by, period }: { values: IndicatorValue[]; by: string; period: string }) {
    const { t } = useTranslation();
    const orgs = useOrgs();
    const area = useAreaName();
    const mayDrill = useMay('measure.events');
    const name = by === 'area' ? area : orgs.name;
    const groups = [...new Set(values.map((v) => v.group))];
    const columns = [...new Map(values.map((v) => [v.id, v])).values()];
    const cell = new Map(values.map((v) => [`${v.group}/${v.id}`, v]));
    return (
        <div className="values-wide">
            <table className="values">
                <thead>
                    <tr>
                        <th>{t(by === 'area' ? 'case.area' : 'case.org')}</th>
                        {columns.map((v) => (
                            <th key={v.id} className="r">
                                {lang() === 'zh' ? v.title_zh : v.title_en} <small>{unitOf(v, lang())}</small>
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {groups.map((group) => (
                        <tr key={group}>
                            <th scope="row">{name(group) || '—'}</th>
                            {columns.map((column) => {
                                const v = cell.get(`${group}/${column.id}`);
                                return (
                                    <td key={column.id} className={v && met(v) === false ? 'r not-met' : 'r'} title={v && partsOf(v, t('indicators.leftOut'))}>
                                        {v && met(v) === false ? '✕ ' : ''}
                                        {!v ? '—' : mayDrill && group ? <a href={addressOf(v.pack, v.id, period, by, group)}>{show(v)}</a> : show(v)}
                                    </td>
                                );
                            })}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
