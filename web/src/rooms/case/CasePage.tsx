/* The life of one case. Nothing personal is asked for until a purpose is chosen; what was asked for is in the audit log, and
 * the page says under which number. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import type { CaseView, Timeline } from '@/api/types.gen';
import { get } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { useCityNow, useMe } from '@/lib/session';
import { stepOf } from '@/lib/timeline';
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
    const steps = useMemo(() => timeline.data?.events.map(stepOf) ?? [], [timeline.data]);
    const pack = packOf(timeline.data);
    const { purposes, purpose, choose } = usePurpose(pack, me.roles);
    const view = useQuery({
        queryKey: keysOf.case(id, purpose ?? ''),
        queryFn: () => caseOf(id, purpose!),
        enabled: !!purpose && timeline.isSuccess,
        placeholderData: (before) => (before?.brief.id === id && !tried ? before : undefined),
        staleTime: Infinity,
    });
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
                view={view.data}
                refresh={() => void view.refetch()}
                busy={view.isFetching}
            />
            {view.error && <Trouble error={view.error} retry={() => void view.refetch()} />}
            {view.isLoading && <Waiting lines={8} />}
            <CaseBody view={view.data} steps={steps} pack={pack} now={now} />
        </article>
    );
}

/* The timeline says which service it is before anything of the case itself was asked for. */
function packOf(timeline: Timeline | undefined): string {
    for (const event of timeline?.events ?? []) {
        const body = event.body;
        if (body && typeof body === 'object' && !Array.isArray(body) && typeof body.pack === 'string') return body.pack;
    }
    return '';
}
