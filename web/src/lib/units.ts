/* Units by id, for their names, where one may know them. */
import { useQuery } from '@tanstack/react-query';
import type { UnitList } from '@/api/types.gen';
import { get } from './api';
import { keysOf } from './keysOf';
import { useMay } from './session';

export const useUnits = () =>
    useQuery({ queryKey: keysOf.units, queryFn: () => get<UnitList>('/api/units'), enabled: useMay('unit.list') }).data?.units ?? [];

export function useUnitName(): (id: string) => string {
    const units = useUnits();
    return (id) => units.find((u) => u.id === id)?.name ?? id;
}
