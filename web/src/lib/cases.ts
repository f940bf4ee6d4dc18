/* Lists of cases. What the stream brought while the answer was on its way is newer than the answer; patching by moved_at
 * (lib/stream) keeps the newer. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { CaseList } from '@/api/types.gen';
import { get } from './api';
import { keysOf } from './keysOf';
import type { CaseFilter } from './stream';

const PAGE = 60;

export const useCases = (filter: CaseFilter, limit = 200) =>
    useQuery({ queryKey: keysOf.cases(filter), queryFn: () => get<CaseList>('/api/cases', { ...filter, limit }) });

export const useCasePages = (filter: CaseFilter) =>
    useInfiniteQuery({
        queryKey: keysOf.casePages(filter),
        initialPageParam: 0,
        queryFn: ({ pageParam }) => get<CaseList>('/api/cases', { ...filter, limit: PAGE, before: pageParam || undefined }),
        getNextPageParam: (last) => (last.cases.length < PAGE ? undefined : last.cases[last.cases.length - 1]?.opened_at),
    });
