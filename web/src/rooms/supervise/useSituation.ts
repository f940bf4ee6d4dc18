/* What the situation room shows: the newest open cases and every late one that was sent, in the order of their clocks. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { CaseBrief, UnitList, UnitView } from '@/api/types.gen';
import { get } from '@/lib/api';
import { useCases } from '@/lib/cases';
import { byUrgency, urgency } from '@/lib/clock';
import { keysOf } from '@/lib/keysOf';
import { useCityNow, useMay } from '@/lib/session';

export interface Situation {
    now: number;
    queue: CaseBrief[];
    units: UnitView[];
    open: number;
    late: number;
    soon: number;
    waiting: number; /* open and nobody sent yet */
    pending: boolean;
    error: unknown;
    again: () => void;
}

export function useSituation(): Situation {
    const now = useCityNow(1000);
    const newest = useCases({ open: true });
    const late = useCases({ open: true, late: true });
    const mayUnits = useMay('unit.list');
    const units = useQuery({ queryKey: keysOf.units, queryFn: () => get<UnitList>('/api/units'), enabled: mayUnits });
    const cases = useMemo(() => {
        const byId = new Map<string, CaseBrief>();
        for (const list of [late.data, newest.data]) for (const c of list?.cases ?? []) byId.set(c.id, c);
        return [...byId.values()];
    }, [newest.data, late.data]);
    const queue = useMemo(() => [...cases].sort(byUrgency(now)), [cases, now]);
    return {
        now,
        queue,
        units: units.data?.units ?? [],
        open: newest.data?.open ?? 0,
        late: newest.data?.late ?? 0,
        soon: queue.filter((c) => urgency(c, now) === 'soon').length,
        waiting: queue.filter((c) => !c.unit).length,
        pending: newest.isPending,
        error: newest.error ?? late.error,
        again: () => void Promise.all([newest.refetch(), late.refetch()]),
    };
}
