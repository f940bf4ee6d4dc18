/* The page under the purpose bar: head, what to do, facts and clocks on the left; the procedure in the middle; what happened
 * on the right. Without a purpose only what the open timeline tells. */
import { useTranslation } from 'react-i18next';
import type { CaseView } from '@/api/types.gen';
import { useMay } from '@/lib/session';
import type { Opening, Step } from '@/lib/timeline';
import { Offers } from '@/parts/Offers';
import { Panel } from '@/parts/Panel';
import { CaseHead } from './CaseHead';
import { Clocks } from './Clocks';
import { Documents } from './Documents';
import { Facts } from './Facts';
import { Notices } from './Notices';
import { PrivateFacts } from './PrivateFacts';
import { Procedure } from './Procedure';
import { Rating } from './Rating';
import { Relations } from './Relations';
import { TimelineList } from './TimelineList';
import { ToSign, useToSign } from './ToSign';

interface Props {
    view: CaseView | undefined;
    opening: Opening;
    steps: Step[];
    now: number;
}

function Deeds({ of }: { of: CaseView }) {
    const { t } = useTranslation();
    const waits = useToSign(of);
    const { id, pack, state } = of.brief;
    return (
        <div className="case-offers no-print">
            {waits.length > 0 && <ToSign caseId={id} waits={waits} />}
            {of.offers.length > 0 && <Offers caseId={id} pack={pack} state={state} offers={of.offers} />}
            {waits.length + of.offers.length === 0 && <span className="quiet">{t('case.noOffers')}</span>}
        </div>
    );
}

export function CaseBody({ view, opening, steps, now }: Props) {
    const { t } = useTranslation();
    const mayFire = useMay('case.fire');
    const { pack } = opening;
    return (
        <>
            {view ? <CaseHead of={view.brief} now={now} /> : <CaseHead of={opening} now={now} />}
            {view && mayFire && <Deeds of={view} />}
            <div className={view ? 'case-columns' : 'case-columns case-unopened'}>
                {view && (
                    <div className="case-left">
                        <Clocks clocks={view.clocks} pack={pack} now={now} />
                        <Documents of={view} now={now} />
                        <Facts of={view} />
                        <PrivateFacts of={view} />
                        <Relations caseId={view.brief.id} />
                        <Notices caseId={view.brief.id} now={now} />
                        {view.rating && <Rating of={view.rating} now={now} />}
                    </div>
                )}
                <Panel title={t('case.procedure')} className="case-procedure">
                    <Procedure opening={opening} steps={steps} view={view} now={now} />
                </Panel>
                <Panel title={t('case.timeline')} className="case-timeline">
                    <TimelineList steps={steps} pack={pack} />
                </Panel>
            </div>
        </>
    );
}
