/* A period's report as it would be frozen now: its figures, and what differs from the edition that stands. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'wouter';
import type { EditionBody } from '@/api/types.gen';
import { get } from '@/lib/api';
import { lang } from '@/lib/i18n';
import { useKeys } from '@/lib/keys';
import { keysOf } from '@/lib/keysOf';
import { grainOf, periodOf, step } from '@/lib/period';
import { useCityNow } from '@/lib/session';
import { formatDay } from '@/lib/time';
import { Icon } from '@/parts/Icon';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { Differences } from './Differences';
import { EditionView } from './EditionView';
import { definitionsOf, draftPage, draftPath, editionPage, type Of, titleOf } from './edition';
import { FreezeDialog } from './FreezeDialog';
import '@/parts/values.css';
import './report.css';

export default function DraftPage() {
    const { t } = useTranslation();
    const of = useParams<{ pack: string; report: string; period: string }>() as Of;
    const [, go] = useLocation();
    const [asked, setAsked] = useState(false);
    const today = formatDay(useCityNow(60_000));
    const draft = useQuery({ queryKey: [...keysOf.reports, 'draft', of], queryFn: () => get<EditionBody>(draftPath(of)), staleTime: 0, gcTime: 0 });
    const turn = (by: number) => go(draftPage({ ...of, period: step(of.period, by) }));
    const later = step(of.period, 1) <= periodOf(today, grainOf(of.period));
    useKeys({ Escape: () => go('/reports'), '[': () => turn(-1), ']': () => later && turn(1) });
    const body = draft.data;
    return (
        <div className="report">
            <header className="report-head">
                <Button type="text" className="no-print" icon={<Icon name="back" size={16} />} href="#/reports" aria-label={t('app.back')} />
                <h1>{body ? titleOf(body, lang()) : t('report.draft')}</h1>
                <span className="report-period no-print">
                    <Button type="text" icon={<Icon name="back" size={15} />} onClick={() => turn(-1)} aria-label={t('indicators.earlier')} title={`${t('indicators.earlier')}  [`} />
                    <b>{of.period}</b>
                    <Button type="text" icon={<Icon name="forward" size={15} />} disabled={!later} onClick={() => turn(1)} aria-label={t('indicators.later')} title={`${t('indicators.later')}  ]`} />
                </span>
                <span className="tag">{t('report.draft')}</span>
                {body && !body.ended && <span className="tag tag-final">{t('report.running')}</span>}
                <span className="bar-space" />
                {body && (
                    <Button type="primary" className="no-print" disabled={body.same === true} onClick={() => setAsked(true)} data-deed="freeze">
                        {t(body.edition > 1 ? 'report.correct' : 'report.freezeAs', { edition: body.edition })}
                    </Button>
                )}
            </header>
            {draft.isPending && <Waiting lines={10} />}
            {draft.error && (
                <>
                    <Trouble error={draft.error} retry={() => void draft.refetch()} />
                    <p className="report-out">
                        <a href="#/reports">{t('report.toAll')}</a>
                    </p>
                </>
            )}
            {body?.same && (
                <p className="report-note">
                    {t('report.same')} <a href={`#${editionPage(of, body.edition - 1)}`}>{t('report.edition', { edition: body.edition - 1 })}</a>
                </p>
            )}
            {body?.corrects && !body.same && (
                <Panel title={t('report.differs', { edition: body.corrects.edition, n: body.corrects.differences.length })} className="report-differs">
                    <Differences
                        of={body.corrects.differences}
                        sections={body.sections}
                        definitions={definitionsOf(body)}
                        period={body.period}
                        was={t('report.edition', { edition: body.corrects.edition })}
                        is={t('report.now')}
                    />
                </Panel>
            )}
            {body && <EditionView of={body} />}
            {asked && body && <FreezeDialog draft={body} title={titleOf(body, lang())} close={() => setAsked(false)} done={(edition) => go(editionPage(of, edition))} />}
        </div>
    );
}
