/* The signer's page: what is to be signed, its pages, and three answers: sign, the text is wrong, no. Opened by a link that is
 * the signer's alone; no sign-in, nothing kept in the browser but the language. What is sent names the SHA-256 of the pages
 * that were shown, so that nobody signs another text than they read. */
import type { SignDone, SignPage, SignPost } from '@/api/types.gen';
import { el } from '@/lib/dom';
import type { Kept } from '@/lib/pad';
import { type Pages, showPages } from '@/lib/pages';
import { fill, freshKey, head, keptLang, type Lang, minuteOf } from '@/lib/public';
import { postOf, type Said } from '@/lib/signing';
import { canHash, sha256Of } from '@/lib/sha256';
import { sign as en } from '@/text/en.json';
import { sign as zh } from '@/text/zh-CN.json';
import { askReason, askSignature } from './dialogs';
import { linkOf, type Refusal, refusalOf, type Shown, shownOf } from './state';
import { getBytes, getJson, post } from './wire';
import './sign.css';

type Texts = typeof zh;
const ZOOMS = [1, 1.4, 1.9, 2.6];

const link = linkOf(location.pathname);
const main = document.getElementById('page')!;
const top_ = el('div', {});
const bar = el('div', { className: 'paper-tools' });
const paper = el('div', { className: 'paper', tabIndex: 0 });
const foot = el('div', { id: 'deeds' });
let lang = keptLang();
let page: SignPage | null = null;
let trouble: Refusal | null = null;
let changed = false; /* the text was changed while it was read */
let pages: Pages | null = null;
let pagesOf = ''; /* the SHA-256 of the pages that are shown */
let pagesTrouble = false;
let pagesGone = false; /* a void version shows them no more */
let zoomed = 0;
let kept: Kept | undefined; /* what was drawn and not sent */
/* One intention, one key, one body, over every try. */
let intention: { said: string; key: string; body: SignPost } | null = null;

const texts = (): Texts => (lang === 'zh' ? zh : en);
const titleOf = (p: SignPage) => (lang === 'zh' ? p.title_zh : p.title_en);
const signerOf = (p: SignPage) => (lang === 'zh' ? p.signer_zh : p.signer_en);

async function load() {
    trouble = null;
    const answer = await getJson<SignPage>(`/api/sign/${link}`);
    if (answer.ok) page = answer.body;
    else trouble = answer.status === 0 || answer.status >= 500 || answer.status === 429 ? 'network' : 'unknown';
    draw();
    if (answer.ok) await loadPages();
}

async function loadPages() {
    const wanted = page!.sha256;
    pagesTrouble = pagesGone = false;
    drawPaper(texts().waiting);
    const answer = await getBytes(`/api/sign/${link}/pdf`);
    if (!answer.body) {
        pagesGone = !['network', 'refused'].includes(refusalOf(answer.status));
        pagesTrouble = !pagesGone;
        drawPaper(texts().pagesTrouble);
        return draw();
    }
    const shown = canHash() ? await sha256Of(answer.body as BufferSource) : wanted;
    pages?.stop();
    try {
        pages = await showPages(paper, answer.body, (no, of) => fill(texts().pageOf, { no, of }));
        pagesOf = shown;
        pages.zoom(ZOOMS[zoomed]!);
    } catch {
        pagesTrouble = true;
        drawPaper(texts().pagesTrouble);
    }
    draw();
}

function drawPaper(line: string) {
    pages?.stop();
    pages = null;
    pagesOf = '';
    const again = el('button', { type: 'button', className: 'plain', onclick: () => void loadPages() }, texts().again);
    paper.replaceChildren(el('p', { className: 'waiting' }, line), ...(pagesTrouble ? [again] : []));
}

/* The line to show when it did not work; null when the page says the rest. */
async function send(what: Said): Promise<string | null> {
    const said = JSON.stringify([what, pagesOf]);
    const now = intention?.said === said ? intention : { said, key: freshKey(), body: postOf(what, pagesOf, Date.now()) };
    intention = now;
    const answer = await post<SignDone>(`/api/sign/${link}`, now.body, now.key);
    if (answer.body) {
        intention = null;
        page = { ...page!, ...answer.body, waits_for_zh: null, waits_for_en: null };
        changed = false;
        draw();
        top_.querySelector<HTMLElement>('[data-state]')?.scrollIntoView({ block: 'center' });
        if (shownOf(page) === 'sealed') void load();
        return null;
    }
    const refusal = refusalOf(answer.status);
    if (refusal === 'network') return texts().kept;
    if (refusal === 'refused') return what.deed === 'sign' && answer.problem?.code === 'document/answer' ? texts().tooLittle : fill(texts().refusedBy, { why: answer.problem?.error ?? answer.status });
    await load();
    changed = refusal === 'changed' && !!page && shownOf(page) === 'ask';
    draw();
    return null;
}

function sign() {
    const t = texts();
    const words = { title: t.sign, who: page ? signerOf(page) : '', hint: t.padHint, undo: t.undo, clear: t.clear, back: t.back, send: t.confirm, canvas: t.canvas };
    askSignature(words, kept, (strokes) => send({ deed: 'sign', strokes }), (now) => (kept = now));
}

function decline(deed: 'object' | 'refuse') {
    const t = texts()[deed];
    askReason({ title: t.title, hint: t.hint, label: t.label, back: texts().back, send: t.send }, (reason) => send({ deed, reason }));
}

const note = (kind: string, title: string, text: string, ...more: Node[]) =>
    el('section', { className: `note note-${kind}`, data: { state: kind } }, el('h2', {}, title), el('p', {}, text), ...more);

function about(p: SignPage) {
    const t = texts();
    const facts = fill(t.facts, { version: p.version, pages: p.pages, at: minuteOf(p.at, lang) });
    return el(
        'section',
        { className: 'about' },
        el('p', { className: 'number' }, p.number),
        el('h1', {}, titleOf(p)),
        el('p', {}, facts),
        el('p', {}, t.youAre, el('b', {}, signerOf(p))),
    );
}

/* The line one was reading stays where it was. */
function zoom(step: number) {
    const before = paper.getBoundingClientRect();
    zoomed = Math.min(ZOOMS.length - 1, Math.max(0, zoomed + step));
    pages?.zoom(ZOOMS[zoomed]!);
    const head = bar.getBoundingClientRect().bottom;
    const read = (head - before.top) / before.height;
    if (read > 0) window.scrollBy(0, paper.getBoundingClientRect().top + read * paper.getBoundingClientRect().height - head);
    limit();
}

function limit() {
    const [less, more] = bar.querySelectorAll<HTMLButtonElement>('.zoom');
    if (less) less.disabled = zoomed === 0;
    if (more) more.disabled = zoomed === ZOOMS.length - 1;
}

function tools(shown: Shown) {
    const t = texts();
    const one = (text: string, label: string, step: number) => {
        const made = el('button', { type: 'button', className: 'zoom', onclick: () => zoom(step) }, text);
        made.setAttribute('aria-label', label);
        return made;
    };
    const jump = el('a', { href: '#deeds' }, t.jump);
    return [el('span', { className: 'jump' }, shown === 'ask' && jump), one('−', t.smaller, -1), one('+', t.larger, 1)];
}

function deeds() {
    const t = texts();
    const ready = pagesOf !== '' && pagesOf === page!.sha256;
    const one = (deed: Said['deed'], onclick: () => void) =>
        el('button', { type: 'button', className: deed === 'sign' ? 'send' : 'other', disabled: !ready, data: { deed }, onclick }, t.deeds[deed]);
    return [
        el('p', { className: 'declare' }, t.declare),
        el('div', { className: 'deeds' }, one('sign', sign), one('object', () => decline('object')), one('refuse', () => decline('refuse'))),
        el('p', { className: 'small' }, t.office),
        el('p', { className: 'small' }, t.privacy),
    ];
}

/* When the pages that came are not those the server named, the text was changed in between. */
const stale = () => pagesOf !== '' && !!page && shownOf(page) === 'ask' && pagesOf !== page.sha256;

function draw() {
    const t = texts();
    const again = () => el('button', { type: 'button', className: 'send', onclick: () => void load() }, t.again);
    const shown = page && !trouble ? shownOf(page) : null;
    const all: (Node | null)[] = [head(t.title, lang, speak)];
    if (trouble === 'network') all.push(note('trouble', t.trouble, t.troubleHint, again()));
    else if (trouble) all.push(note('unknown', t.unknown, t.unknownHint));
    else if (!page) all.push(el('p', { className: 'waiting' }, t.waiting));
    else {
        const before = lang === 'zh' ? page.waits_for_zh : page.waits_for_en;
        const state = shown === 'ask' ? null : note(shown!, t.state[shown!].title, t.state[shown!].text, ...(before ? [el('p', {}, fill(t.waitsFor, { who: before }))] : []));
        const warn = stale() ? note('changed', t.changed, t.changedHint, again()) : changed ? note('changed', t.changed, t.readAgain) : null;
        all.push(about(page), state, warn);
    }
    top_.replaceChildren(...all.filter((n): n is Node => !!n));
    paper.setAttribute('role', 'region');
    paper.setAttribute('aria-label', page ? titleOf(page) : t.title);
    paper.hidden = !page || !!trouble || pagesGone;
    bar.hidden = paper.hidden;
    bar.replaceChildren(...(shown ? tools(shown) : []));
    limit();
    foot.replaceChildren(...(shown === 'ask' && !stale() ? deeds() : []));
}

function speak(next: Lang) {
    lang = next;
    draw();
}

main.append(top_, bar, paper, foot);
draw();
void load();
