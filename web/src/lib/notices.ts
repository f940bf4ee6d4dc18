/* Notices on their way, and the console's own inbox. */
import { useQuery } from '@tanstack/react-query';
import type { Inbox, NoticeList } from '@/api/types.gen';
import { get } from './api';
import { lang } from './i18n';
import { keysOf } from './keysOf';

export const useNotices = (id: string) =>
    useQuery({ queryKey: keysOf.notices(id), queryFn: () => get<NoticeList>(`/api/cases/${id}/notices`) });

export const useInbox = (on: boolean) =>
    useQuery({ queryKey: keysOf.inbox, queryFn: () => get<Inbox>('/api/inbox', { limit: 50 }), enabled: on });

/* The words in the reader's language; the bare id when the pack is not there. */
export const wordsOf = (of: { text_zh?: string | null; text_en?: string | null }, otherwise: string) =>
    (lang() === 'zh' ? of.text_zh : of.text_en) ?? otherwise;
