/* What a section's groups are called: organisations as they were named when it was frozen, areas by the map. */
import { useTranslation } from 'react-i18next';
import type { ReportValue } from '@/api/types.gen';
import { useAreaName } from '@/lib/areas';
import { usePacks } from '@/lib/pack';

export function useGroup(): (by: string, v: Pick<ReportValue, 'group' | 'group_name'>) => string {
    const { t } = useTranslation();
    const area = useAreaName();
    const packs = usePacks();
    return (by, v) => {
        if (by === '') return t('report.whole');
        if (v.group === '') return t('report.nowhere');
        return v.group_name ?? (by === 'area' ? area(v.group) : by === 'pack' ? packs.title(v.group) : v.group);
    };
}
