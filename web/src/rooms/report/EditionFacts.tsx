/* What makes an edition that one and no other: when, by whom, on how much of the ledger, under which rules, with which digest;
 * and its neighbours. */
import { useTranslation } from 'react-i18next';
import type { EditionBody } from '@/api/types.gen';
import { formatFull } from '@/lib/time';
import { editionPage, isOf, useEditions } from './edition';
import { SoundMark } from './SoundMark';

export function EditionFacts({ of }: { of: EditionBody }) {
    const { t } = useTranslation();
    const next = useEditions().data?.editions.find((e) => isOf(e, of) && e.edition === of.edition + 1);
    return (
        <dl className="edition-facts">
            <div>
                <dt>{t('report.frozenAt')}</dt>
                <dd>
                    {formatFull(of.at ?? 0)} · {of.actor}
                </dd>
            </div>
            <div>
                <dt>{t('report.position')}</dt>
                <dd>{t('report.positionIs', { seq: of.seq, size: of.size })}</dd>
            </div>
            <div>
                <dt>{t('report.version')}</dt>
                <dd className="mono" title={of.version}>
                    {of.version.slice(0, 16)}
                </dd>
            </div>
            {of.corrects && (
                <div>
                    <dt>{t('report.correctsThe')}</dt>
                    <dd>
                        <a href={`#${editionPage(of, of.corrects.edition)}`}>{t('report.edition', { edition: of.corrects.edition })}</a>
                    </dd>
                </div>
            )}
            <div>
                <dt>{t('report.correctedBy')}</dt>
                <dd data-last={of.last}>
                    {of.last ? t('report.isLast') : <a href={`#${editionPage(of, of.edition + 1)}`}>{t('report.edition', { edition: of.edition + 1 })}</a>}
                    {next?.why && <span className="quiet"> {next.why}</span>}
                </dd>
            </div>
            <div className="edition-digest">
                <dt>{t('report.digest')}</dt>
                <dd>
                    <span className="mono">{of.digest}</span> <SoundMark is={of.sound === true} />
                </dd>
            </div>
        </dl>
    );
}
