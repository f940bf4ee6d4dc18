/* Who is out and who is free, one small sign a unit, grouped by state. */
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import type { UnitView } from '@/api/types.gen';

const STATES = ['on_scene', 'sent', 'free', 'off'] as const;

export function Units({ units }: { units: UnitView[] }) {
    const { t } = useTranslation();
    if (units.length === 0) return null;
    return (
        <section className="units" aria-label={t('situation.units')}>
            <header className="pane-head">
                <h2>{t('situation.units')}</h2>
            </header>
            {STATES.map((state) => {
                const those = units.filter((u) => u.state === state);
                if (those.length === 0) return null;
                return (
                    <div key={state} className={`unit-group unit-${state}`}>
                        <span className="unit-state">
                            {t(`unit.${state}`)} <b>{those.length}</b>
                        </span>
                        <ul>
                            {those.map((u) => (
                                <Tooltip key={u.id} title={u.name} mouseEnterDelay={0.2}>
                                    <li aria-label={u.name} />
                                </Tooltip>
                            ))}
                        </ul>
                    </div>
                );
            })}
        </section>
    );
}
