/* Cases that open by themselves: what the server says of each plan, and its rule in words where it is a simple one. */
import { useQuery } from '@tanstack/react-query';
import type { PlanList } from '@/api/types.gen';
import { get } from './api';
import { keysOf } from './keysOf';

export const usePlans = (pack: string, allowed: boolean) =>
    useQuery({
        queryKey: keysOf.plans,
        queryFn: () => get<PlanList>('/api/plans'),
        select: (all) => all.plans.filter((plan) => plan.pack === pack),
        enabled: allowed,
    });

export interface PlainRule {
    freq: 'DAILY' | 'WEEKLY' | 'MONTHLY';
    every: number;
    weekdays: string[]; /* MO .. SU */
    days: number[]; /* of the month; -1 is the last */
}

/* "FREQ=WEEKLY;BYDAY=MO,FR" read, when it says no more than that; null: it is to be shown as written. */
export function plainRule(rule: string): PlainRule | null {
    const parts = new Map(rule.split(';').map((part) => part.split('=', 2) as [string, string]));
    const freq = parts.get('FREQ');
    const weekdays = parts.get('BYDAY')?.split(',') ?? [];
    const days = parts.get('BYMONTHDAY')?.split(',').map(Number) ?? [];
    const known = [...parts.keys()].every((key) => ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY'].includes(key));
    const fits = freq === 'DAILY' ? !weekdays.length && !days.length : freq === 'WEEKLY' ? weekdays.length > 0 : freq === 'MONTHLY' && days.length > 0 && !weekdays.length;
    if (!known || !fits || weekdays.some((day) => day.length !== 2) || days.some((day) => day < -1)) return null;
    return { freq: freq as PlainRule['freq'], every: Number(parts.get('INTERVAL') ?? 1), weekdays, days };
}
