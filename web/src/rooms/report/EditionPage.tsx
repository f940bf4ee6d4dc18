/* One frozen edition: what it says, where it stands in the ledger, which one it corrects and which corrects it. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'wouter';
import type { EditionBody } from '@/api/types.gen';
import { get } from '@/lib/api';
import { lang } from '@/lib/i18n';
import { useKeys } from '@/lib/keys';
import { keysOf } from '@/lib/keysOf';
import { usePacks } from '@/lib/pack';
import { useMay } from '@/lib/session';
import { Icon } from '@/parts/Icon';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { CheckButton, CheckResult, useCheck } from './Check';
import { Differences } from './Differences';
import { EditionFacts } from './EditionFacts';
import { EditionView } from './EditionView';
import { definitionsOf, draftPage, editionPath, type Of, titleOf } from './edition';
import '@/parts/values.css';
import './report.css';

const FILES = ['pdf', 'xlsx', 'csv'] as const;

function Edition({ of }: { of: EditionBody }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const mayFreeze = useMay('report.freeze');
    const check = useCheck(of);
    return (
        <>
            <header className="report-head">
                <Button type="text" className="no-print" icon={<Icon name="back" size={16} />} href="#/reports" aria-label={t('app.back')} />
                <h1>{titleOf(of, lang())}</h1>
                <b>{of.period}</b>
                <span className="tag">{t('report.edition', { edition: of.edition })}</span>
                {!of.ended && <span className="tag tag-final">{t('report.running')}</span>}
                <span className="quiet">{packs.title(of.pack)}</span>
            </header>
            <div className="report-deeds no-print">
                {FILES.map((kind) => (
                    <Button key={kind} icon={<Icon name="download" size={15} />} href={`${editionPath(of, of.edition)}/${kind}?lang=${lang()}`} download data-file={kind}>
                        {kind.toUpperCase()}
                    </Button>
                ))}
                <Button className="wide-only" icon={<Icon name="print" size={15} />} onClick={() => window.print()}>
                    {t('indicators.print')}
                </Button>
                <CheckButton check={check} />
                {mayFreeze && of.last && <Button href={`#${draftPage(of)}`}>{t('report.compareNow')}</Button>}
            </div>
            {of.sound === false && (
                <p className="report-unsound" role="alert">
                    <strong>{t('report.unsound')}</strong> {t('report.unsoundHint')}
                </p>
            )}
            <CheckResult of={of} check={check} />
            <EditionFacts of={of} />
            {of.corrects && (
                <Panel title={t('report.corrected', { edition: of.corrects.edition, n: of.corrects.differences.length })} className="report-differs">
                    <p className="edition-words">{of.corrects.why}</p>
                    <Differences
                        of={of.corrects.differences}
                        sections={of.sections}
                        definitions={definitionsOf(of)}
                        period={of.period}
                        was={t('report.edition', { edition: of.corrects.edition })}
                        is={t('report.edition', { edition: of.edition })}
                    />
                </Panel>
            )}
            <EditionView of={of} />
        </>
    );
}

export default function EditionPage() {
    const { t } = useTranslation();
    const { edition, ...of } = useParams<{ pack: string; report: string; period: string; edition: string }>();
    const [, go] = useLocation();
    const body = useQuery({ queryKey: [...keysOf.reports, of, edition], queryFn: () => get<EditionBody>(editionPath(of as Of, edition)) });
    useKeys({ Escape: () => go('/reports') });
    return (
        <div className="report">
            {body.isPending && <Waiting lines={10} />}
            {body.error && (
                <>
                    <Trouble error={body.error} retry={() => void body.refetch()} />
                    <p className="report-out">
                        <a href="#/reports">{t('report.toAll')}</a>
                    </p>
                </>
            )}
            {body.data && <Edition key={edition} of={body.data} />}
        </div>
    );
}
