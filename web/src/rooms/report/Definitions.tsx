/* What each figure means, as it was when the edition was made: how it is computed, over what, and what is taken out. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ReportDefinition, ReportPart } from '@/api/types.gen';
import { type Lang, lang } from '@/lib/i18n';
import { titleOf } from './edition';

function formula(d: ReportDefinition, all: Map<string, ReportDefinition>, t: TFunction, l: Lang): string {
    const part = (p: ReportPart) => {
        const of = all.get(p.of);
        return t('report.formula.part', { name: of ? titleOf(of, l) : p.of, weight: p.weight, full: p.full, zero: p.zero });
    };
    if (d.kind === 'derived') return d.expr ?? '';
    if (d.kind === 'score') return (d.parts ?? []).map(part).join(t('report.formula.and'));
    if (d.kind === 'ratio') return `Σ(${d.num}) / Σ(${d.den})`;
    if (d.kind === 'mean') return t('report.formula.mean', { of: d.num });
    if (d.kind === 'percentile') return t('report.formula.percentile', { p: d.p, of: d.num });
    return `Σ(${d.num})`;
}

const made = (d: ReportDefinition) => d.kind === 'derived' || d.kind === 'score';

export function Definitions({ of }: { of: ReportDefinition[] }) {
    const { t } = useTranslation();
    const all = new Map(of.map((d) => [d.id, d]));
    const chinese = lang() === 'zh';
    return (
        <table className="values folds definitions">
            <thead>
                <tr>
                    <th scope="col">{t('report.column.indicator')}</th>
                    <th scope="col">{t('report.column.formula')}</th>
                    <th scope="col">{t('report.column.over')}</th>
                    <th scope="col">{t('report.column.takenOut')}</th>
                </tr>
            </thead>
            <tbody>
                {of.map((d) => (
                    <tr key={d.id}>
                        <th scope="row">{titleOf(d, lang())}</th>
                        <td className={d.kind === 'score' ? '' : 'mono'} data-label={t('report.column.formula')}>{formula(d, all, t, lang())}</td>
                        <td className={d.when || !made(d) ? 'mono' : 'mono none'} data-label={t('report.column.over')}>
                            {d.when ?? (made(d) ? '' : t('report.formula.every'))}
                        </td>
                        <td className={d.excluded.length ? '' : 'none'} data-label={t('report.column.takenOut')}>
                            {d.excluded.map((one) => (
                                <p key={one.id}>
                                    {chinese ? one.reason_zh : one.reason_en} <span className="mono quiet">{one.when}</span>
                                </p>
                            ))}
                        </td>
                    </tr>
                ))}
            </tbody>
        </table>
    );
}
