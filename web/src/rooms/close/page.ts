/* What the resident's page is to show, from what the server said. Pure. */
import type { ResidentPage } from '@/api/types.gen';

export type Shown = 'ask' | 'answered' | 'lapsed' | 'early';

export function shownOf(page: ResidentPage): Shown {
    if (page.level != null) return 'answered';
    if (page.lapsed) return 'lapsed';
    return page.can_rate ? 'ask' : 'early';
}

/* The link's secret from the path "/r/<link>". */
export const linkOf = (path: string): string => /^\/r\/([^/]+)$/.exec(path)?.[1] ?? '';

/* An instant as the city's people write it. The page has no session, so it goes by China's time (UTC+8), which has no summer. */
export function dayOf(at: number, lang: 'zh' | 'en'): string {
    const d = new Date(at + 8 * 3_600_000);
    const [y, m, day] = [d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate()];
    return lang === 'zh' ? `${y}年${m}月${day}日` : `${y}-${String(m).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
