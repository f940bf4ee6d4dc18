/* Cases related to a case, and the events that concern two. */
import { useQuery } from '@tanstack/react-query';
import type { RelationList } from '@/api/types.gen';
import { get } from './api';
import { keysOf } from './keysOf';

export const useRelations = (id: string) =>
    useQuery({ queryKey: keysOf.relations(id), queryFn: () => get<RelationList>(`/api/cases/${id}/relations`) });

export const OF_TWO = ['merge', 'unmerge', 'split', 'unsplit'] as const;
export type OfTwo = (typeof OF_TWO)[number];
export const isOfTwo = (event: string): event is OfTwo => (OF_TWO as readonly string[]).includes(event);
