/* Where one can go. */
import { useTranslation } from 'react-i18next';
import { Icon } from '@/parts/Icon';
import { Mark } from '@/parts/Mark';
import type { Place } from './places';

export function Rail({ places, path }: { places: Place[]; path: string }) {
    const { t } = useTranslation();
    return (
        <nav className="rail no-print" aria-label={t('app.rail')}>
            <a className="rail-mark" href="#/" aria-label={t('app.home')}>
                <Mark />
            </a>
            {places.map((place) => {
                const here = path === place.path || path.startsWith(`${place.path}/`);
                return (
                    <a
                        key={place.id}
                        className={here ? 'rail-item here' : 'rail-item'}
                        href={`#${place.path}`}
                        aria-current={here ? 'page' : undefined}
                        title={`${t(`nav.${place.id}`)}  (g ${place.key})`}
                    >
                        <Icon name={place.icon} size={20} />
                        <span>{t(`nav.${place.id}`)}</span>
                    </a>
                );
            })}
        </nav>
    );
}
