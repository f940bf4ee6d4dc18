/* Day, month, quarter, half-year, year or all time, and one step back or forward. */
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/parts/Icon';
import { begun, type Grain, grainOf, periodName, periodOf, step } from '@/lib/period';

export function PeriodPicker({ period, today, change }: { period: string; today: string; change: (period: string) => void }) {
    const { t } = useTranslation();
    const grain = grainOf(period);
    const next = step(period, 1);
    return (
        <span className="period">
            <Segmented<Grain>
                value={grain}
                onChange={(g) => change(periodOf(today, g))}
                options={[
                    { value: 'day', label: t('indicators.day') },
                    { value: 'month', label: t('indicators.month') },
                    { value: 'quarter', label: t('indicators.quarter') },
                    { value: 'half_year', label: t('indicators.halfYear') },
                    { value: 'year', label: t('indicators.year') },
                    { value: 'all', label: t('indicators.everything') },
                ]}
            />
            {grain !== 'all' && (
                <span className="period-steps">
                    <Button type="text" icon={<Icon name="back" size={15} />} onClick={() => change(step(period, -1))} aria-label={t('indicators.earlier')} />
                    <b>{periodName(period, t)}</b>
                    <Button
                        type="text"
                        icon={<Icon name="forward" size={15} />}
                        disabled={!begun(next, today)}
                        onClick={() => change(next)}
                        aria-label={t('indicators.later')}
                    />
                </span>
            )}
        </span>
    );
}
