/* Every clock of the case as a bar: how much of its budget is used, when it is due, whether it runs. */
import { useTranslation } from 'react-i18next';
import type { ClockView } from '@/api/types.gen';
import { usedShare } from '@/lib/clock';
import { usePacks } from '@/lib/pack';
import { formatNear } from '@/lib/time';
import { useSpan } from '@/lib/useSpan';
import { UrgencyShape } from '@/parts/ClockMark';
import { Panel } from '@/parts/Panel';

const toneOf = (clock: ClockView) =>
    clock.expired ? 'late' : clock.state !== 'running' ? 'none' : usedShare(clock) >= 0.75 ? 'soon' : 'fine';

export function Clocks({ clocks, pack, now }: { clocks: ClockView[]; pack: string; now: number }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const span = useSpan();
    return (
        <Panel title={t('clock.title')}>
            {clocks.length === 0 && <p className="panel-none">{t('clock.nothing')}</p>}
            <ul className="clocks">
                {clocks.map((clock) => {
                    const tone = toneOf(clock);
                    const measure = packs.measure(pack, clock.id);
                    const share = Math.min(usedShare(clock), 1);
                    return (
                        <li key={clock.id} className={`clock-line clock-${tone}`}>
                            <span className="clock-name">
                                <UrgencyShape of={tone} /> {packs.clock(pack, clock.id)}
                            </span>
                            <span className="clock-words">
                                {clock.state === 'running' && clock.due_at != null && !clock.expired
                                    ? t('clock.left', { span: span(clock.due_at - now) })
                                    : t(clock.expired ? 'clock.late' : `clock.${clock.state}`)}
                            </span>
                            <progress className={`clock-bar bar-${tone}`} max={1} value={clock.expired ? 1 : share} />
                            <span className="clock-more quiet">
                                {t('clock.used', { used: span(clock.consumed, measure), budget: span(clock.budget, measure) })}
                                {clock.due_at != null && ` · ${t('clock.due', { at: formatNear(clock.due_at, now) })}`}
                                {clock.provisional && ` · ${t('clock.provisional')}`}
                            </span>
                        </li>
                    );
                })}
            </ul>
        </Panel>
    );
}
