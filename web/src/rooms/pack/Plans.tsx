/* Plans: on which days a case opens by itself, what becomes of a day of rest and of one that was missed, and the next days. */
import { useTranslation } from 'react-i18next';
import type { PlanDay, PlanView } from '@/api/types.gen';
import { lang } from '@/lib/i18n';
import { plainRule, usePlans } from '@/lib/plans';
import type { PlanLine, Service } from '@/lib/service';
import { useMay } from '@/lib/session';
import { useBudget } from './useBudget';

function Rule({ of }: { of: string }) {
    const { t } = useTranslation();
    const plain = plainRule(of);
    if (!plain) return <code>{of}</code>;
    const comma = t('diagram.comma');
    const days = plain.weekdays.length
        ? plain.weekdays.map((day) => t(`packs.weekday.${day}`)).join(comma)
        : plain.days.map((day) => (day < 0 ? t('packs.lastDay') : t('packs.dayOfMonth', { n: day }))).join(comma);
    return plain.every > 1 ? t(`packs.ruleEvery.${plain.freq}`, { n: plain.every, days }) : t(`packs.rule.${plain.freq}`, { days });
}

function Day({ of }: { of: PlanDay }) {
    const { t } = useTranslation();
    const why = lang() === 'zh' ? of.why_zh : of.why_en;
    return (
        <li>
            <b>{of.day}</b> {of.day !== of.date && t('packs.insteadOf', { date: of.date, why: why ?? '' })} {of.provisional && <span className="tag">{t('packs.notAnnounced')}</span>}
        </li>
    );
}

function Ahead({ of }: { of: PlanView }) {
    const { t } = useTranslation();
    return (
        <>
            <ul className="rungs plan-days" aria-label={t('packs.nextDays')}>
                {of.ahead.map((day) => (
                    <Day key={day.date} of={day} />
                ))}
            </ul>
            <p className="quiet">{t('packs.cameSoFar', { opened: of.opened, missed: of.missed })}</p>
        </>
    );
}

function Plan({ of, now }: { of: PlanLine; now: PlanView | undefined }) {
    const { t } = useTranslation();
    const budget = useBudget();
    const move = of.move ?? (of.calendar ? 'next_workday' : 'none');
    return (
        <article className="clock-card" data-plan={of.id}>
            <h3>
                {of[lang()]} <span className="mono quiet">{of.id}</span>
            </h3>
            <p className="clock-budget">
                <b>
                    <Rule of={of.rule} />
                </b>{' '}
                <span className="tag">{of.at}</span>
            </p>
            <dl className="clock-facts">
                <div>
                    <dt>{t('packs.planPeriod')}</dt>
                    <dd>{of.until ? t('packs.fromUntil', { from: of.from, until: of.until }) : t('packs.fromOn', { from: of.from })}</dd>
                </div>
                <div>
                    <dt>{t('packs.onRestDays')}</dt>
                    <dd>{t(`packs.move.${move}`)}</dd>
                </div>
                <div>
                    <dt>{t('packs.missedAfter', { budget: budget(of.grace ?? '1 day') })}</dt>
                    <dd>{t(`packs.missed.${of.missed ?? 'open_late'}`)}</dd>
                </div>
            </dl>
            {now && <Ahead of={now} />}
        </article>
    );
}

export function Plans({ of }: { of: Service }) {
    const now = usePlans(of.pack.id, useMay('measure.view')).data;
    return (
        <div className="clock-cards">
            {of.plans.map((plan) => (
                <Plan key={plan.id} of={plan} now={now?.find((each) => each.id === plan.id)} />
            ))}
        </div>
    );
}
