/* One period of a report: the edition that stands, those it corrected, and whether the ledger still says so. */
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Edition } from '@/api/types.gen';
import { formatFull } from '@/lib/time';
import { draftPage, editionPage, type Of } from './edition';
import { SoundMark } from './SoundMark';

interface Props {
    of: Of;
    editions: Edition[]; /* newest first; none: not frozen yet */
    page: string;
    here: boolean;
    mayFreeze: boolean;
    running: boolean;
}

export function PeriodRow({ of, editions, page, here, mayFreeze, running }: Props) {
    const { t } = useTranslation();
    const [, go] = useLocation();
    const [last, ...earlier] = editions;
    return (
        <tr className={here ? 'here' : ''} data-page={page} data-report={`${of.pack}/${of.report}/${of.period}`} onClick={() => go(page)}>
            <th scope="row">
                <a href={`#${page}`} onClick={(e) => e.stopPropagation()}>
                    {of.period}
                </a>{' '}
                {(last ? !last.ended : running) && <span className="tag tag-final">{t('report.running')}</span>}
            </th>
            <td>{last ? <b>{t('report.edition', { edition: last.edition })}</b> : <span className="quiet">{t('report.notFrozen')}</span>}</td>
            <td>{last && `${formatFull(last.at)} · ${last.actor}`}</td>
            <td>{last && <SoundMark is={last.sound} />}</td>
            <td className="report-earlier">
                {earlier.length > 0 && <span className="quiet">{t('report.earlier')} </span>}
                {earlier.map((e) => (
                    <a key={e.edition} href={`#${editionPage(of, e.edition)}`} onClick={(event) => event.stopPropagation()} className={e.sound ? '' : 'not-met'}>
                        {t('report.edition', { edition: e.edition })}
                        {e.sound ? '' : ' ✕'}
                    </a>
                ))}
            </td>
            <td className="r no-print">
                {mayFreeze && (
                    <a href={`#${draftPage(of)}`} onClick={(event) => event.stopPropagation()}>
                        {t(last ? 'report.compareNow' : 'report.preview')}
                    </a>
                )}
            </td>
        </tr>
    );
}
