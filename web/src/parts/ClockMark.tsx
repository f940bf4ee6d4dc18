/* Time left, said three ways at once: a shape, a colour, a text. Late is a triangle, soon a diamond, in time a disc, no
 * running clock a ring. */
import { useTranslation } from 'react-i18next';
import type { CaseBrief } from '@/api/types.gen';
import { remaining, type Urgency, urgency } from '@/lib/clock';
import { useSpan } from '@/lib/useSpan';
import './clock.css';

export function UrgencyShape({ of }: { of: Urgency }) {
    return (
        <svg className={`urgency urgency-${of}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            {of === 'late' && <path d="M6 .8 11.600 11H.4z" />}
            {of === 'soon' && <path d="M6 .4 11.600 6 6 11.600.4 6z" />}
            {of === 'fine' && <circle cx="6" cy="6" r="4.600" />}
            {of === 'none' && <circle cx="6" cy="6" r="3.900" fill="none" stroke="currentColor" strokeWidth="1.500" />}
        </svg>
    );
}

export function ClockMark({ of, now }: { of: CaseBrief; now: number }) {
    const { t } = useTranslation();
    const span = useSpan();
    const u = urgency(of, now);
    const left = remaining(of, now);
    const words = of.final
        ? t(of.late ? 'clock.closedLate' : 'clock.closed')
        : left === null
          ? t('clock.none')
          : t(left < 0 ? 'clock.over' : 'clock.left', { span: span(left) });
    return (
        <span className={`clock-mark clock-${u}`}>
            <UrgencyShape of={u} />
            <span>{words}</span>
            {of.late && !of.final && u !== 'late' && <span className="was-late">{t('clock.wasLate')}</span>}
        </span>
    );
}
