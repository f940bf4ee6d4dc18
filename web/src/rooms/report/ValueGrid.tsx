/* The values of a section by group: a line a group, a column an indicator; under each its parts and what was taken out. */
import { useTranslation } from 'react-i18next';
import type { ReportDefinition, ReportSection } from '@/api/types.gen';
import { met, show, showTarget, unitOf } from '@/lib/figure';
import { lang } from '@/lib/i18n';
import { figureOf, partsOf, takenOut, titleOf } from './edition';
import { useGroup } from './useGroup';

interface Props {
    section: ReportSection;
    definitions: Map<string, ReportDefinition>;
    period: string;
}

export function ValueGrid({ section, definitions, period }: Props) {
    const { t } = useTranslation();
    const name = useGroup();
    const columns = [...new Set(section.values.map((v) => v.id))].flatMap((id) => definitions.get(id) ?? []);
    const groups = [...new Map(section.values.map((v) => [v.group, v])).values()];
    const cell = new Map(section.values.map((v) => [`${v.group}/${v.id}`, v]));
    return (
        <div className="values-wide">
            <table className="values edition-grid">
                <thead>
                    <tr>
                        <th scope="col">{t('report.column.group')}</th>
                        {columns.map((d) => (
                            <th key={d.id} className="r" scope="col">
                                {titleOf(d, lang())} <small>{[unitOf(d, lang()), showTarget(figureOf(d, {}), lang())].filter(Boolean).join(' ')}</small>
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {groups.map((group) => (
                        <tr key={group.group}>
                            <th scope="row">{name(section.by, group)}</th>
                            {columns.map((d) => {
                                const v = cell.get(`${group.group}/${d.id}`);
                                if (!v) return <td key={d.id} className="r quiet">—</td>;
                                const f = figureOf(d, v);
                                const out = takenOut(d, v, lang());
                                const made = v.inputs.length > 0;
                                return (
                                    <td key={d.id} className={met(f) === false ? 'r not-met' : 'r'} title={partsOf(d, v, definitions, period, lang())}>
                                        {met(f) === false ? '✕ ' : ''}
                                        {show(f)}
                                        {!made && v.den > 0 && <small> {`${v.num}/${v.den}`}</small>}
                                        {out.length > 0 && <small className="edition-out">{out.map((one) => `${one.reason} ${one.n}`).join(' · ')}</small>}
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
