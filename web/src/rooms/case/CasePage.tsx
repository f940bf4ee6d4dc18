/* The life of one case. Nothing personal is asked for until a purpose is chosen; what was asked for is in the audit log, and
 * the page says under which number. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import type { CaseView, Timeline } from '@/api/types.gen';
import { ApiError, get } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { usePacks } from '@/lib/pack';
import { useCityNow, useMe } from '@/lib/session';
import { openingOf, stepOf } from '@/lib/timeline';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { CaseBody } from './CaseBody';
import { PurposeBar } from './PurposeBar';
import { usePurpose } from './usePurpose';
import './case.css';

const timelineOf = (id: string) => get<Timeline>(`/api/cases/${id}/timeline`);
const caseOf = (id: string, purpose: string) => get<CaseView>(`/api/cases/${id}`, { purpose });

export default function CasePage() {
    const { t } = useTranslation();
    const { id = '' } = useParams<{ id: string }>();
    const me = useMe();
    const now = useCityNow(1000);
    const [tried, setTried] = useState(false);
    const timeline = useQuery({ queryKey: keysOf.timeline(id), queryFn: () => timelineOf(id) });
    const packs = usePacks();
    const events = timeline.data?.events ?? [];
    const steps = useMemo(() => events.map(stepOf), [timeline.data]);
    const opening = openingOf(events, (pack, state) => packs.of(pack)?.states.find((s) => s.id === state)?.final ?? false);
    const { pack } = opening;
    const { purposes, purpose, choose } = usePurpose(pack, me.roles);
    const view = useQuery({
        queryKey: keysOf.case(id, purpose ?? ''),
        queryFn: () => caseOf(id, purpose!),
        enabled: !!purpose && timeline.isSuccess,
        placeholderData: (before) => (before?.brief.id === id && !tried ? before : undefined),
        staleTime: Infinity,
    });
    /* When the purpose has ended (the case is closed, say), what it let one see is taken off the screen too. */
    const ended = view.error instanceof ApiError && view.error.status === 403;
    if (timeline.isPending) return <Waiting lines={8} />;
    if (timeline.error) return <Trouble error={timeline.error} retry={() => void timeline.refetch()} />;
    return (
        <article className="case" aria-label={t('nav.cases')}>
            <PurposeBar
                purposes={purposes}
                chosen={purpose}
                choose={(next) => {
                    setTried(true);
                    choose(next);
                }}
                view={ended ? undefined : view.data}
                refresh={() => void view.refetch()}
                busy={view.isFetching}
            />
            {ended && <p className="purpose-ended">{t(opening.final ? 'case.purposeEnded' : 'case.purposeRefused')}</p>}
            {view.error && !ended && <Trouble error={view.error} retry={() => void view.refetch()} />}
            {view.isLoading && <Waiting lines={8} />}
            <CaseBody view={ended ? undefined : view.data} opening={opening} steps={steps} now={now} />
        </article>
    );
}
