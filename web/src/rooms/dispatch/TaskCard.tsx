/* One task: how long, what, where; and what to do next, one tap. */
import { useTranslation } from 'react-i18next';
import type { TaskItem } from '@/api/types.gen';
import { urgency } from '@/lib/clock';
import { usePacks } from '@/lib/pack';
import { formatNear } from '@/lib/time';
import { ClockMark } from '@/parts/ClockMark';
import { Icon } from '@/parts/Icon';
import { LevelTag } from '@/parts/LevelTag';
import { Offers } from '@/parts/Offers';
import { StateTag } from '@/parts/StateTag';

export function TaskCard({ of, now }: { of: TaskItem; now: number }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const c = of.case;
    return (
        <li className={`task task-${urgency(c, now)}`} data-number={c.number}>
            <p className="task-top">
                <ClockMark of={c} now={now} />
                <LevelTag level={c.level} />
                <StateTag pack={c.pack} state={c.state} final={c.final} />
            </p>
            <h3>{c.title}</h3>
            <p className="task-place">
                <Icon name="pin" size={17} />
                {c.lat != null && c.lon != null ? <a href={`geo:${c.lat},${c.lon}`}>{c.place}</a> : c.place}
            </p>
            <p className="task-foot quiet">
                <span>{packs.task(c.pack, of.kind)}</span>
                <span className="mono">{c.number}</span>
                <time>{formatNear(c.opened_at, now)}</time>
                <a href={`#/cases/${c.id}`}>{t('tasks.details')}</a>
            </p>
            {of.offers.length > 0 && <Offers caseId={c.id} pack={c.pack} state={c.state} offers={of.offers} big />}
        </li>
    );
}
