/* The resident's page: what was reported, five levels, a word if one likes. One tap sends, after a moment in which it can be
 * taken back. No sign-in, no library, nothing kept in the browser but the language. */
import type { Problem, ResidentPage } from '@/api/types.gen';
import { el } from '@/lib/dom';
import { dayOf, fill, freshKey, head, keptLang, type Lang } from '@/lib/public';
import { resident as en } from '@/text/en.json';
import { resident as zh } from '@/text/zh-CN.json';
import { documentsOf, linkOf, shownOf } from './page';
import './resident.css';

type Texts = typeof zh;
const LEVELS = [5, 4, 3, 2, 1] as const;
const MOMENT = 4000;

const link = linkOf(location.pathname);
const main = document.getElementById('page')!;
const key = freshKey();
let lang = keptLang();
let page: ResidentPage | null = null;
let trouble: 'unknown' | 'network' | null = null;
let chosen = 0;
let words = '';
let timer = 0;

const texts = (): Texts => (lang === 'zh' ? zh : en);

async function load() {
    trouble = null;
    try {
        const answer = await fetch(`/api/resident/${link}`);
        if (!answer.ok) throw answer;
        page = (await answer.json()) as ResidentPage;
    } catch (e) {
        trouble = e instanceof Response && [400, 404, 410, 422].includes(e.status) ? 'unknown' : 'network';
    }
    draw();
}

async function send() {
    window.clearTimeout(timer);
    timer = 0;
    main.dataset.sending = 'yes';
    try {
        const answer = await fetch(`/api/resident/${link}/rating`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
            body: JSON.stringify({ level: chosen, ...(words.trim() ? { text: words.trim() } : {}) }),
        });
        if (!answer.ok && ((await answer.json()) as Problem).code !== 'close/answered') throw answer;
        await load();
    } catch {
        trouble = 'network';
        draw();
    }
    delete main.dataset.sending;
}

function choose(level: number) {
    chosen = level;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void send(), MOMENT);
    draw();
    main.querySelector('.moment')?.scrollIntoView({ block: 'nearest' });
}

function wait() {
    window.clearTimeout(timer);
    timer = 0;
    main.querySelector('.moment')?.classList.add('held');
}

function takeBack() {
    window.clearTimeout(timer);
    timer = 0;
    chosen = 0;
    draw();
}

const dots = (level: number) => {
    const row = el('span', { className: 'dots', ariaHidden: 'true' });
    for (let i = 1; i <= 5; i++) row.append(el('i', { className: i <= level ? 'on' : '' }));
    return row;
};

const levelName = (level: number) => texts().levels[String(level) as keyof Texts['levels']];

function levelButton(level: number) {
    const button = el('button', { type: 'button', className: 'level', data: { level: String(level) }, onclick: () => choose(level) }, dots(level), levelName(level));
    button.setAttribute('aria-pressed', String(level === chosen));
    return button;
}

function moment() {
    const t = texts();
    const box = el('textarea', { maxLength: 500, rows: 3, value: words, placeholder: t.words, onfocus: wait });
    box.setAttribute('aria-label', t.words);
    box.oninput = () => (words = box.value);
    return el(
        'div',
        { className: timer ? 'moment' : 'moment held' },
        el('p', { className: 'moment-line' }, fill(t.about, { level: levelName(chosen) }), el('button', { type: 'button', className: 'back', onclick: takeBack }, t.back)),
        el('span', { className: 'moment-bar' }),
        box,
        el('button', { type: 'button', className: 'send', onclick: () => void send() }, t.send),
    );
}

function about(p: ResidentPage) {
    const t = texts();
    return el(
        'section',
        { className: 'about' },
        el('p', { className: 'number' }, p.number),
        el('h1', {}, p.title),
        el('p', {}, fill(p.place ? t.what : t.whatDay, { place: p.place, day: dayOf(p.opened_at, lang) })),
    );
}

/* What there is to sign, and what was signed. */
function papers(p: ResidentPage) {
    const t = texts();
    const all = documentsOf(p);
    if (all.length === 0) return null;
    const line = (of: (typeof all)[number]) => {
        const title = lang === 'zh' ? of.title_zh : of.title_en;
        const words = el('span', {}, t.documents[of.shown]);
        return el('li', { data: { document: of.shown } }, of.path ? el('a', { href: of.path }, title, words) : el('p', {}, title, words));
    };
    return el('section', { className: 'papers' }, el('h2', {}, t.documents.title), el('ul', {}, ...all.map(line)));
}

const note = (kind: string, title: string, text: string, ...more: (Node | null)[]) =>
    el('section', { className: `note note-${kind}`, data: { state: kind } }, el('h2', {}, title), el('p', {}, text), ...more);

function body(): (Node | null)[] {
    const t = texts();
    if (trouble === 'unknown') return [note('unknown', t.unknown, t.unknownHint)];
    if (trouble) {
        const again = el('button', { type: 'button', className: 'send', onclick: () => void (chosen ? send() : load()) }, t.again);
        return [page ? about(page) : null, note('trouble', t.trouble, t.troubleHint, again)];
    }
    if (!page) return [el('p', { className: 'waiting' }, t.waiting)];
    const shown = shownOf(page);
    const top = [about(page), papers(page)];
    if (shown === 'answered') return [...top, note('answered', t.thanks, fill(t.thanksHint, { level: levelName(page.level ?? 0) }), dots(page.level ?? 0))];
    if (shown === 'lapsed') return [...top, note('lapsed', t.lapsed, t.lapsedHint)];
    if (shown === 'early') return [...top, note('early', t.early, t.earlyHint)];
    return [
        ...top,
        el('h2', { className: 'question' }, t.question),
        el('div', { className: 'levels' }, ...LEVELS.map(levelButton)),
        chosen ? moment() : null,
        el('p', { className: 'small' }, t.privacy),
    ];
}

function draw() {
    const t = texts();
    main.replaceChildren(head(t.title, lang, speak), ...body().filter((n): n is Node => !!n));
}

function speak(next: Lang) {
    lang = next;
    draw();
}

draw();
void load();
