/* A unit's phone tells where it is, when its crew switches that on: at most every fifteen seconds, and only while this page
 * is open. */
import { Switch } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Done, Position } from '@/api/types.gen';
import { newKey, write } from '@/lib/api';
import { useCityNow } from '@/lib/session';
import { formatMinute } from '@/lib/time';

const EVERY = 15_000;

const post = (unit: string, at: Position) => write<Done>('POST', `/api/units/${encodeURIComponent(unit)}/position`, at, newKey());

export function SharePosition({ unit }: { unit: string }) {
    const { t } = useTranslation();
    const now = useCityNow(EVERY);
    const [on, setOn] = useState(false);
    const [told, setTold] = useState<number | null>(null);
    const [refused, setRefused] = useState(false);
    const last = useRef(-EVERY);
    useEffect(() => {
        if (!on) return;
        const watch = navigator.geolocation.watchPosition(
            ({ coords }) => {
                setRefused(false);
                if (performance.now() - last.current < EVERY) return;
                last.current = performance.now();
                void post(unit, { lat: coords.latitude, lon: coords.longitude }).then(() => setTold(now), () => setRefused(true));
            },
            () => setRefused(true),
            { enableHighAccuracy: true, maximumAge: 5000 },
        );
        return () => navigator.geolocation.clearWatch(watch);
        // the time of telling is only shown; it must not start the watch anew
    }, [on, unit]);
    const words = refused ? t('tasks.shareRefused') : on && told !== null ? t('tasks.shareOn', { at: formatMinute(told) }) : t('tasks.shareOff');
    return (
        <label className="share">
            <Switch checked={on} onChange={setOn} aria-label={t('tasks.share')} data-told={told ?? ''} />
            <span>
                {t('tasks.share')} <span className="quiet">{words}</span>
            </span>
        </label>
    );
}
