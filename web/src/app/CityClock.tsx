/* The city's own time, running at the city's speed. */
import { useTranslation } from 'react-i18next';
import { useCityNow, useTick } from '@/lib/session';
import { formatDay, formatSecond } from '@/lib/time';

export function CityClock() {
    const { t } = useTranslation();
    const now = useCityNow(250);
    const { speed } = useTick();
    return (
        <time className="city-clock" title={t('bar.clockHint')}>
            <span className="wide-only quiet">{formatDay(now)}</span>
            <b>{formatSecond(now)}</b>
            {speed !== 1 && <span className="city-speed">×{Math.round(speed * 10) / 10}</span>}
        </time>
    );
}
