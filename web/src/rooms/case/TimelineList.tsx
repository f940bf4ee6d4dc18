/* What happened, in order, with who did it. Looks at the case are events too; they are folded away until asked for. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Step } from '@/lib/timeline';
import { TimelineRow } from './TimelineRow';

export function TimelineList({ steps, pack }: { steps: Step[]; pack: string }) {
    const { t } = useTranslation();
    const [reads, setReads] = useState(false);
    const looks = steps.filter((s) => s.kind === 'read').length;
    const shown = steps.filter((s) => reads || s.kind !== 'read').reverse();
    return (
        <>
            {shown.length === 0 && <p className="panel-none">{t('case.noTimeline')}</p>}
            <ol className="timeline">
                {shown.map((step) => (
                    <TimelineRow key={step.seq} of={step} pack={pack} />
                ))}
            </ol>
            {looks > 0 && (
                <Button type="link" size="small" className="timeline-reads no-print" onClick={() => setReads(!reads)}>
                    {t(reads ? 'case.hideReads' : 'case.showReads', { n: looks })}
                </Button>
            )}
        </>
    );
}
