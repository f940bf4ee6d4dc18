/* The same figures side by side for organisations or areas: a line a group, a column an indicator. */
import { useTranslation } from 'react-i18next';
import type { IndicatorValue } from '@/api/types.gen';
import { useAreaName } from '@/lib/areas';
import { lang } from '@/lib/i18n';
import { useOrgs } from '@/lib/orgs';
import { met, show, unitOf } from '@/lib/figure';

export function GroupTable({ values, by }: { values: IndicatorValue[]; by: string }) {
    const { t } = useTranslation();
    const orgs = useOrgs();
    const area = useAreaName();
    const name = by === 'org' ? orgs.name : area;
    const groups = [...new Set(values.map((v) => v.group))];
    const columns = [...new Map(values.map((v) => [v.id, v])).values()];
    const cell = new Map(values.map((v) => [`${v.group}/${v.id}`, v]));
    return (
        <div className="values-wide">
            <table className="values">
                <thead>
                    <tr>
                        <th>{t(by === 'org' ? 'case.org' : 'case.area')}</th>
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
                                    <td key={column.id} className={v && met(v) === false ? 'r not-met' : 'r'} title={v ? `${v.num} / ${v.den} (−${v.left_out})` : ''}>
                                        {v && met(v) === false ? '✕ ' : ''}
                                        {v ? show(v) : '—'}
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
