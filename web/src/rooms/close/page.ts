/* What the resident's page is to show, from what the server said. Pure. */
import type { ResidentPage } from '@/api/types.gen';

export type Shown = 'ask' | 'answered' | 'lapsed' | 'early';

export function shownOf(page: Pick<ResidentPage, 'level' | 'lapsed' | 'can_rate'>): Shown {
    if (page.level != null) return 'answered';
    if (page.lapsed) return 'lapsed';
    return page.can_rate ? 'ask' : 'early';
}

/* The link's secret from the path "/r/<link>". */
export const linkOf = (path: string): string => /^\/r\/([^/]+)$/.exec(path)?.[1] ?? '';

/* Its documents: what is to be signed first. */
export type PaperShown = 'sign' | 'wait' | 'signed' | 'refused' | 'objected' | 'void';
const PAPERS: Record<string, PaperShown> = { asked: 'sign', waiting: 'wait', signed: 'signed', refused: 'refused', objected: 'objected' };
export const documentsOf = (page: Pick<ResidentPage, 'documents'>) =>
    (page.documents ?? [])
        .map((of) => ({ ...of, shown: PAPERS[of.state] ?? ('void' as const) }))
        .sort((a, b) => Number(b.shown === 'sign') - Number(a.shown === 'sign'));
