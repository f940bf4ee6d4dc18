/* Two sayings of the same figures, one beside the other: what an edition corrects, or what a check found. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReportDefinition, ReportDifference, ReportSection, ReportValue } from '@/api/types.gen';
import { lang } from '@/lib/i18n';
import { partsOf, say, titleOf } from './edition';
import { useGroup } from './useGroup';

const FEW = 8; /* shown at once, and the rest when asked for, or on paper */

interface Props {
    of: ReportDifference[];
    sections: ReportSection[];
    definitions: Map<string, ReportDefinition>;
    period: string;
    was: string;
    is: string;
}

export function Differences({ of, sections, definitions, period, was, is }: Props) {
    const { t } = useTranslation();
    const name = useGroup();
    const [all, setAll] = useState(of.length <= FEW + 2);
    const cell = (id: string, v: ReportValue | null | undefined) => {
        const d = definitions.get(id);
        if (!v || !d) return <span className="quiet">{t('report.notThere')}</span>;
        return (
            <>
                <b>{say(d, v.value, lang())}</b> <small>{partsOf(d, v, definitions, period, lang())}</small>
            </>
        );
    };
    return (
        <>
            <table className="values folds differences">
                <thead>
                    <tr>
                        <th scope="col">{t('report.column.section')}</th>
                        <th scope="col">{t('report.column.indicator')}</th>
                        <th scope="col">{was}</th>
                        <th scope="col">{is}</th>
                    </tr>
                </thead>
                <tbody>
                    {of.map((one, i) => {
                        const section = sections[one.section];
                        const d = definitions.get(one.id);
                        const group = { group: one.group, group_name: one.is?.group_name ?? one.was?.group_name };
                        return (
                            <tr key={`${one.section}/${one.group}/${one.id}`} className={all || i < FEW ? '' : 'print-row'}>
                                <td className="quiet">{[section && titleOf(section, lang()), section?.by && name(section.by, group)].filter(Boolean).join(' · ')}</td>
                                <th scope="row">{d ? titleOf(d, lang()) : one.id}</th>
                                <td data-label={was}>{cell(one.id, one.was)}</td>
                                <td data-label={is}>{cell(one.id, one.is)}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
            {!all && (
                <p className="report-more no-print">
                    <Button size="small" onClick={() => setAll(true)}>
                        {t('report.allOf', { n: of.length })}
                    </Button>
                </p>
            )}
        </>
    );
}
