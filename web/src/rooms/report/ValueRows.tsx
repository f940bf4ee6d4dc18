/* The values of a section, one a line: target and parts, the periods before, what was taken out and why. On a phone every line
 * folds into a small card. */
import { useTranslation } from 'react-i18next';
import type { ReportDefinition, ReportSection, ReportValue } from '@/api/types.gen';
import { numberOf, show, showTarget, targetOf, unitOf } from '@/lib/figure';
import { lang } from '@/lib/i18n';
import { MetMark } from '@/parts/MetMark';
import { change, figureOf, partsOf, say, takenOut, titleOf } from './edition';
import { useGroup } from './useGroup';

interface Props {
    section: ReportSection;
    definitions: Map<string, ReportDefinition>;
    period: string;
}

export function ValueRows({ section, definitions, period }: Props) {
    const { t } = useTranslation();
    const name = useGroup();
    const compared = [section.before ? 'before' : '', section.year_on_year ? 'year' : ''].filter(Boolean);
    const head = [...(section.by ? ['group'] : []), 'indicator', 'value', 'target', 'parts', ...compared, 'takenOut', 'leftOut'];
    const right = ['value', 'before', 'year', 'leftOut'];
    const then = (v: ReportValue, column: string) => (column === 'before' ? v.before : v.year_before);
    return (
        <table className="values folds edition-rows">
            <thead>
                <tr>
                    {head.map((column) => (
                        <th key={column} scope="col" className={right.includes(column) ? `r col-${column}` : `col-${column}`} title={column === 'leftOut' ? t('indicators.leftOutHint') : undefined}>
                            {t(`report.column.${column}`)}
                        </th>
                    ))}
                </tr>
            </thead>
            <tbody>
                {section.values.map((v) => {
                    const d = definitions.get(v.id);
                    if (!d) return null;
                    const f = figureOf(d, v);
                    const parts = partsOf(d, v, definitions, period, lang());
                    return (
                        <tr key={`${v.group}/${v.id}`} data-value={`${v.group}/${v.id}`}>
                            {section.by && <td data-label={t('report.column.group')}>{name(section.by, v)}</td>}
                            <th scope="row">{titleOf(d, lang())}</th>
                            <td className="r value" data-number={numberOf(f) ?? ''}>
                                {numberOf(f) === null ? (
                                    <span className="quiet">{t('report.noValue')}</span>
                                ) : (
                                    <>
                                        <b>{show(f)}</b> <small>{unitOf(f, lang())}</small>
                                    </>
                                )}
                            </td>
                            <td className={targetOf(f) === null ? 'target none' : 'target'} data-label={t('report.column.target')}>
                                <MetMark of={f} />
                                <span className="quiet">{showTarget(f, lang())}</span>
                            </td>
                            <td className={parts ? 'edition-parts' : 'none'} data-label={t('report.column.parts')}>
                                {parts}
                            </td>
                            {compared.map((column) => (
                                <td key={column} className={then(v, column) == null ? 'r none' : 'r'} data-label={t(`report.column.${column}`)}>
                                    {change(v.value, then(v, column))} <small>{then(v, column) != null && say(d, then(v, column), lang())}</small>
                                </td>
                            ))}
                            <td className={v.excluded.length ? '' : 'none'} data-label={t('report.column.takenOut')}>
                                {takenOut(d, v, lang())
                                    .map((one) => `${one.reason} ${one.n}`)
                                    .join(' · ')}
                            </td>
                            <td className={v.left_out ? 'r' : 'r none'} data-label={t('report.column.leftOut')}>
                                {v.left_out || ''}
                            </td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}
