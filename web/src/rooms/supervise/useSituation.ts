/* What the situation room shows: the newest open cases and every late one that was sent, in the order of their clocks. */
import { useMemo } from 'react';
import type { CaseBrief, UnitView } from '@/api/types.gen';
import { useCases } from '@/lib/cases';
import { byUrgency, urgency } from '@/lib/clock';
import { usePacks } from '@/lib/pack';
import { useCityNow } from '@/lib/session';
import { useUnits } from '@/lib/units';

export interface Situation {
    now: number;
    queue: CaseBrief[];
    units: UnitView[];
    open: number;
    overdue: number; /* of the clock that runs now */
    wasLate: number; /* with any clock that ran out: the server's count */
    soon: number;
    waiting: number; /* open, of a service that sends units, and nobody sent yet */
    pending: boolean;
    error: unknown;
    again: () => void;
}

export function useSituation(): Situation {
    const now = useCityNow(1000);
    const newest = useCases({ open: true });
    const late = useCases({ open: true, late: true });
    const units = useUnits();
    const packs = usePacks();
    const cases = useMemo(() => {
        const byId = new Map<string, CaseBrief>();
        for (const list of [late.data, newest.data]) for (const c of list?.cases ?? []) byId.set(c.id, c);
        return [...byId.values()];
    }, [newest.data, late.data]);
    const queue = useMemo(() => [...cases].sort(byUrgency(now)), [cases, now]);
    return {
        now,
        queue,
        units,
        open: newest.data?.open ?? 0,
        overdue: queue.filter((c) => urgency(c, now) === 'late').length,
        wasLate: newest.data?.late ?? 0,
        soon: queue.filter((c) => urgency(c, now) === 'soon').length,
        waiting: queue.filter((c) => !c.unit && packs.sends(c.pack)).length,
        pending: newest.isPending,
        error: newest.error ?? late.error,
        again: () => void Promise.all([newest.refetch(), late.refetch()]),
    };
}
