/* Clocks in plain words: for whom, how long, counted how, in which states, what happens on the way and at the end, and the
 * longest that the law allows. */
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import { usePacks } from '@/lib/pack';
import type { CalendarLine, ClockLine, Service } from '@/lib/service';
import { Condition } from './Condition';
import { useBudget } from './useBudget';
import { useRole } from './useRole';

const list = (shifts: string | string[] | undefined) => (shifts === undefined ? [] : [shifts].flat());

function Rungs({ of, clock }: { of: Service; clock: ClockLine }) {
    const { t } = useTranslation();
    const budget = useBudget();
    const roleOf = useRole(of);
    const who = (notice: string) => {
        const line = of.notices.find((n) => n.id === notice);
        return line ? t('packs.tells', { who: roleOf(line.receiver), text: line[lang()] }) : notice;
    };
    return (
        <ul className="rungs">
            {clock.rungs?.map((rung, i) => (
                <li key={i} className={(rung.at ?? 0) >= 100 ? 'rung-late' : ''}>
                    <b>{rung.at === undefined ? t('packs.before', { budget: budget(rung.before ?? '') }) : `${rung.at}%`}</b> {rung.notice ? who(rung.notice) : t('packs.marked')}
                </li>
            ))}
        </ul>
    );
}

function Clock({ of, clock }: { of: Service; clock: ClockLine }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const budget = useBudget();
    const pack = of.pack.id;
    const comma = t('diagram.comma');
    return (
        <article className="clock-card" data-clock={clock.id}>
            <h3>
                {clock[lang()]} <span className="mono quiet">{clock.id}</span>
            </h3>
            <p className="clock-budget">
                <b>{budget(clock.budget)}</b> <span className="tag">{t(`packs.for.${clock.for}`)}</span>
            </p>
            <dl className="clock-facts">
                {clock.budgets?.map((row) => (
                    <div key={row.when}>
                        <dt>{budget(row.budget)}</dt>
                        <dd>
                            {t('packs.when')} <Condition of={of} text={row.when} />
                        </dd>
                    </div>
                ))}
                <div>
                    <dt>{t('packs.counted')}</dt>
                    <dd>{clock.calendar}</dd>
                </div>
                {(clock.start === 'next_day' || (clock.end && clock.end !== 'exact')) && (
                    <div>
                        <dt>{t('packs.ends')}</dt>
                        <dd>{[clock.start === 'next_day' && t('packs.startNext'), clock.end && clock.end !== 'exact' && t(`packs.end.${clock.end}`)].filter(Boolean).join(comma)}</dd>
                    </div>
                )}
                <div>
                    <dt>{t('packs.runsIn')}</dt>
                    <dd>{clock.run_in ? clock.run_in.map((state) => packs.state(pack, state)).join(comma) : t('packs.runsOn')}</dd>
                </div>
                {clock.task && (
                    <div>
                        <dt>{t('packs.withTask')}</dt>
                        <dd>{packs.task(pack, clock.task)}</dd>
                    </div>
                )}
                {clock.extend && (
                    <div>
                        <dt>{t('packs.extend')}</dt>
                        <dd>{t('packs.extendBy', { by: budget(clock.extend.by), max: clock.extend.max })}</dd>
                    </div>
                )}
                {clock.on_expiry && (
                    <div>
                        <dt>{t('packs.expires')}</dt>
                        <dd>{packs.event(pack, clock.on_expiry)}</dd>
                    </div>
                )}
                {clock.limit && (
                    <div>
                        <dt>{t('packs.limit')}</dt>
                        <dd>{t('packs.limitIs', { budget: budget(clock.limit.budget), law: clock.limit.law })}</dd>
                    </div>
                )}
            </dl>
            {clock.rungs && clock.rungs.length > 0 && <Rungs of={of} clock={clock} />}
        </article>
    );
}

function Calendar({ id, of }: { id: string; of: CalendarLine }) {
    const { t } = useTranslation();
    const hours = list(of.shifts).join(t('diagram.comma'));
    return (
        <li>
            <b className="mono">{id}</b> {hours ? t('packs.hours', { hours }) : t('packs.aroundTheClock')}
            {of.seasons?.map((season) => (
                <span key={season.from}> {t('packs.season', { from: season.from, to: season.to, hours: list(season.shifts).join(t('diagram.comma')) })}</span>
            ))}
            {of.days?.map((day) => (
                <span key={day.date}> {t(day.is === 'off' ? 'packs.dayOff' : 'packs.dayOn', { date: day.date, why: day[lang()] })}</span>
            ))}
        </li>
    );
}

export function Clocks({ of }: { of: Service }) {
    const { t } = useTranslation();
    return (
        <>
            <ul className="calendars" aria-label={t('packs.calendars')}>
                {[...of.calendars].map(([id, line]) => (
                    <Calendar key={id} id={id} of={line} />
                ))}
            </ul>
            <div className="clock-cards">
                {of.clocks.map((clock) => (
                    <Clock key={clock.id} of={of} clock={clock} />
                ))}
            </div>
        </>
    );
}
