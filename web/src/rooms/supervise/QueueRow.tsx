/* One case in the queue: how long it still may, what, where, who. */
import { memo } from 'react';
import type { CaseBrief } from '@/api/types.gen';
import { urgency } from '@/lib/clock';
import { formatNear } from '@/lib/time';
import { ClockMark } from '@/parts/ClockMark';
import { LevelTag } from '@/parts/LevelTag';
import { StateTag } from '@/parts/StateTag';

interface Props {
    of: CaseBrief;
    now: number;
    here: boolean;
    choose: (id: string) => void;
    open: (id: string) => void;
}

export const QueueRow = memo(function QueueRow({ of, now, here, choose, open }: Props) {
    return (
        <li id={`queue-${of.id}`} className={`queue-row row-${urgency(of, now)}${here ? ' here' : ''}`}>
            <button type="button" onClick={() => choose(of.id)} onDoubleClick={() => open(of.id)} aria-current={here}>
                <span className="queue-top">
                    <ClockMark of={of} now={now} />
                    <LevelTag level={of.level} />
                    <StateTag pack={of.pack} state={of.state} final={of.final} />
                </span>
                <strong className="queue-title">{of.title}</strong>
                <span className="queue-foot">
                    <span className="queue-place">{of.place}</span>
                    <span className="mono">{of.number}</span>
                    <time>{formatNear(of.opened_at, now)}</time>
                </span>
            </button>
        </li>
    );
});
