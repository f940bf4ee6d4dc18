/* The strip of figures. Every one says what it counts; the late ones carry their shape. */
import { useTranslation } from 'react-i18next';
import { UrgencyShape } from '@/parts/ClockMark';
import type { Situation } from './useSituation';

export function Figures({ of }: { of: Situation }) {
    const { t } = useTranslation();
    const free = of.units.filter((u) => u.state === 'free').length;
    const out = of.units.filter((u) => u.state === 'sent' || u.state === 'on_scene').length;
    const figures: { id: string; value: number; of?: number; shape?: 'late' | 'soon'; beside?: string }[] = [
        { id: 'open', value: of.open },
        { id: 'late', value: of.overdue, shape: 'late', beside: t('figure.wasLate', { n: of.wasLate }) },
        { id: 'soon', value: of.soon, shape: 'soon' },
        { id: 'waiting', value: of.waiting },
        ...(of.units.length > 0
            ? [
                  { id: 'out', value: out, of: of.units.length },
                  { id: 'free', value: free, of: of.units.length },
              ]
            : []),
    ];
    return (
        <dl className="figures">
            {figures.map((figure) => (
                <div key={figure.id} className={`figure figure-${figure.id}`} title={t(`figure.${figure.id}Hint`)}>
                    <dt>
                        {figure.shape && <UrgencyShape of={figure.value > 0 ? figure.shape : 'none'} />}
                        {t(`figure.${figure.id}`)}
                    </dt>
                    <dd className={figure.shape && figure.value > 0 ? `clock-${figure.shape}` : ''}>
                        {of.pending ? '–' : figure.value}
                        {figure.of !== undefined && <small>/{figure.of}</small>}
                        {figure.beside && <small className="figure-beside">{figure.beside}</small>}
                    </dd>
                </div>
            ))}
        </dl>
    );
}
