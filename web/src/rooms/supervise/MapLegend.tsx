/* What the signs on the map mean. */
import { useTranslation } from 'react-i18next';
import { UrgencyShape } from '@/parts/ClockMark';

export function MapLegend() {
    const { t } = useTranslation();
    return (
        <ul className="map-legend" aria-label={t('situation.legend')}>
            {(['late', 'soon', 'fine', 'none'] as const).map((u) => (
                <li key={u}>
                    <UrgencyShape of={u} />
                    {t(`urgency.${u}`)}
                </li>
            ))}
            {(['on_scene', 'sent', 'free'] as const).map((state) => (
                <li key={state}>
                    <i className={`unit-sign unit-sign-${state}`} />
                    {t(`unit.${state}`)}
                </li>
            ))}
        </ul>
    );
}
