/* "10 workday" as people say it. */
import { useTranslation } from 'react-i18next';
import { budgetOf } from '@/lib/service';

export function useBudget() {
    const { t } = useTranslation();
    return (written: string): string => {
        const { n, unit } = budgetOf(written);
        return t(`packs.budget.${unit}`, { n });
    };
}
