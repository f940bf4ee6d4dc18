/* What the pages without sign-in share: their language, kept in this browser, their head, and days as people write them. */
import { el } from './dom';

export type Lang = 'zh' | 'en';
const KEPT = 'bihuan.lang';

export function keptLang(): Lang {
    const kept = localStorage.getItem(KEPT);
    return kept === 'en' || (!kept && !navigator.language.startsWith('zh')) ? 'en' : 'zh';
}

export const fill = (text: string, values: Record<string, string | number>) =>
    text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));

/* Says the page's title in `lang`; the button goes over to the other language. */
export function head(title: string, lang: Lang, speak: (next: Lang) => void): HTMLElement {
    const next = lang === 'zh' ? 'en' : 'zh';
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
    document.title = title;
    const change = () => {
        localStorage.setItem(KEPT, next);
        speak(next);
    };
    const other = el('button', { type: 'button', className: 'lang', onclick: change }, next === 'en' ? 'English' : '中文');
    return el('header', {}, el('img', { src: '/mark.svg', alt: '', width: 28, height: 28 }), el('b', {}, title), other);
}

/* Plain http has no randomUUID. */
export const freshKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

const two = (n: number) => String(n).padStart(2, '0');
/* These pages have no session, so they go by China's time (UTC+8), which has no summer. */
const china = (at: number) => new Date(at + 8 * 3_600_000);

export function dayOf(at: number, lang: Lang): string {
    const d = china(at);
    const [y, m, day] = [d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate()];
    return lang === 'zh' ? `${y}年${m}月${day}日` : `${y}-${two(m)}-${two(day)}`;
}

export const minuteOf = (at: number, lang: Lang) => `${dayOf(at, lang)} ${two(china(at).getUTCHours())}:${two(china(at).getUTCMinutes())}`;
