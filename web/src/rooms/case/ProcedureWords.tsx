/* The procedure as a list: from, to, by what; what the case has gone is marked. */
import { useTranslation } from 'react-i18next';
import type { Diagram } from '@/api/types.gen';
import { eventsOf, joined, titleOf, wholeLines } from '@/lib/chart';
import type { Path } from '@/lib/path';

export function ProcedureWords({ of, path }: { of: Diagram; path: Path }) {
    const { t } = useTranslation();
    const title = (id: string) => titleOf(of, id, t('diagram.comma'));
    const stays = of.nodes.map((n) => ({ n, lines: wholeLines(n.lines).filter((line) => line.kind === 'stay').map((line) => line.text) })).filter((s) => s.lines.length > 0);
    return (
        <figcaption>
            <ul className="procedure-legend" aria-hidden="true">
                <li className="legend-here">{t('diagram.legendHere')}</li>
                <li className="legend-passed">{t('diagram.legendDone')}</li>
                <li className="legend-ahead">{t('diagram.legendOpen')}</li>
                <li className="legend-last">{t('diagram.legendLast')}</li>
            </ul>
            <details>
                <summary>{t('case.procedureText')}</summary>
                <ul>
                    {of.edges.map((e, edge) =>
                        e.refs.length === 0 ? null : (
                            <li key={edge}>
                                {path.taken.has(edge) && '✓ '}
                                {t('diagram.describe', { from: title(e.from), to: title(e.to), events: eventsOf(e) })}
                            </li>
                        ),
                    )}
                    {stays.map(({ n, lines }) => (
                        <li key={n.id}>
                            {joined(n.title)} {lines.join(' ')}
                        </li>
                    ))}
                </ul>
            </details>
        </figcaption>
    );
}
