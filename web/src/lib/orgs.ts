/* Organisations by id, for their names. */
import { useQuery } from '@tanstack/react-query';
import type { OrgList, OrgView } from '@/api/types.gen';
import { get } from './api';
import { keysOf } from './keysOf';

export function useOrgs(): { all: OrgView[]; name: (id: string) => string } {
    const all = useQuery({ queryKey: keysOf.orgs, queryFn: () => get<OrgList>('/api/orgs'), staleTime: Infinity }).data?.orgs ?? [];
    return { all, name: (id) => all.find((org) => org.id === id)?.name ?? id };
}
