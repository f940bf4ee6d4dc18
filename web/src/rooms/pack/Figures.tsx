/* What is counted, and exactly how: definition, target, what is taken out and why; and the reports they go into. */
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import { say } from '@/lib/pack';
import type { Figure, Service } from '@/lib/service';
import { useMay } from '@/lib/session';
import { Condition } from './Condition';
import { useRole } from './useRole';

function Definition({ of, figure }: { of: Service; figure: Figure }) {
    const { t } = useTranslation();
    const title = (id: string) => {
        const other = of.figures.find((f) => f.id === id);
        return other ? say(other) : id;
    };
    if (figure.kind === 'score')
        return figure.parts.map((part) => (
            <p key={part.of}>{t('packs.scorePart', { of: title(part.of), weight: part.weight, zero: part.zero, full: part.full })}</p>
        ));
    const lines = [
        figure.when && figure.when !== figure.num && figure.when !== figure.den && ['packs.ofFacts', figure.when],
        figure.num && figure.num !== 'true' && [figure.kind === 'ratio' ? 'packs.num' : `packs.sum.${figure.kind}`, figure.num],
        figure.den && figure.den !== 'true' && ['packs.den', figure.den],
        figure.expr && ['packs.formula', figure.expr],
    ].filter((line) => Array.isArray(line));
    return lines.map(([key = '', condition = '']) => (
        <p key={key}>
            <span className="quiet">{t(key)}</span> <Condition of={of} text={condition} />
        </p>
    ));
}

function target(figure: Figure): string {
    if (figure.target === null) return '—';
    const share = figure.unit.zh === '%';
    return `${figure.higherIsBetter ? '≥' : '≤'} ${share && Math.abs(figure.target) <= 1 ? Number((figure.target * 100).toFixed(4)) : figure.target} ${say(figure.unit)}`;
}

function Row({ of, figure }: { of: Service; figure: Figure }) {
    const { t } = useTranslation();
    const mayLook = useMay('measure.view');
    return (
        <tr data-figure={figure.id}>
            <th scope="row">
                {mayLook ? <a href={`#/indicators/${of.pack.id}/${figure.id}`}>{say(figure)}</a> : say(figure)}
                <small>
                    {t(`packs.figure.${figure.kind}`, { p: figure.p ?? 50 })}
                    {figure.unit.zh && ` · ${say(figure.unit)}`}
                </small>
            </th>
            <td>
                <Definition of={of} figure={figure} />
            </td>
            <td className="r" data-label={t('indicators.target')}>
                {target(figure)}
            </td>
            <td data-label={t('packs.excluded')} className={figure.excluded.length === 0 ? 'none' : ''}>
                {figure.excluded.map((out) => (
                    <p key={out.id}>
                        {say(out)} <Condition of={of} text={out.when} />
                    </p>
                ))}
                {figure.excluded.length === 0 && <span className="quiet">—</span>}
            </td>
        </tr>
    );
}

export function Figures({ of }: { of: Service }) {
    const { t } = useTranslation();
    const roleOf = useRole(of);
    return (
        <>
            <div className="table-wide">
                <table className="grid figures-grid">
                    <thead>
                        <tr>
                            <th>{t('indicators.name')}</th>
                            <th>{t('packs.definition')}</th>
                            <th className="r">{t('indicators.target')}</th>
                            <th>{t('packs.excluded')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {of.figures.map((figure) => (
                            <Row key={figure.id} of={of} figure={figure} />
                        ))}
                    </tbody>
                </table>
            </div>
            {of.reports.length > 0 && (
                <ul className="pack-reports">
                    {of.reports.map((report) => (
                        <li key={report.id}>
                            <b>{report[lang()]}</b>{' '}
                            <span className="quiet">
                                {t(`packs.period.${report.period}`)} · {t('packs.readBy', { roles: report.audience.map(roleOf).join(t('diagram.comma')) })}
                            </span>
                        </li>
                    ))}
                </ul>
            )}
        </>
    );
}
