/* The procedure as a list: from, to, by what. */
import { useTranslation } from 'react-i18next';
import type { Diagram, DiagramEdge } from '@/lib/diagram';

export function ProcedureWords({ of }: { of: Diagram }) {
    const { t } = useTranslation();
    const title = (id: string) => of.nodes.find((n) => n.id === id)?.title ?? id;
    const from = (e: DiagramEdge) =>
        e.from.startsWith('*') && e.from !== '*' ? [...new Set(e.pairs.map((pair) => title(pair.split('>')[0]!)))].join('、') : title(e.from);
    return (
        <figcaption>
            <ul className="procedure-legend" aria-hidden="true">
                <li className="legend-here">{t('diagram.legendHere')}</li>
                <li className="legend-passed">{t('diagram.legendDone')}</li>
                <li className="legend-ahead">{t('diagram.legendOpen')}</li>
            </ul>
            <details>
                <summary>{t('case.procedureText')}</summary>
                <ul>
                    {of.edges.map((e) => (
                        <li key={`${e.from}>${e.to}`}>
                            {t('diagram.describe', { from: from(e), to: title(e.to), events: e.events.join(' / ') })}
                        </li>
                    ))}
                    {of.stays.map((s) => (
                        <li key={s.state}>
                            {title(s.state)} · {t('diagram.self', { events: s.events.join(' / ') })}
                        </li>
                    ))}
                </ul>
            </details>
        </figcaption>
    );
}
