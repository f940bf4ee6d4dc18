/* Is this document one of ours, and is it in force? By the code under its QR code. A file is compared in the browser and goes
 * nowhere. */
import type { Verified } from '@/api/types.gen';
import { codeOf, inFours, isCode } from '@/lib/code';
import { el } from '@/lib/dom';
import { fill, head, keptLang, type Lang, minuteOf } from '@/lib/public';
import { canHash, isSame } from '@/lib/sha256';
import { verify as en } from '@/text/en.json';
import { verify as zh } from '@/text/zh-CN.json';
import { COMMANDS, isSealed } from './seal';
import { landedOn } from './state';
import { getJson } from './wire';
import './verify.css';

type Texts = typeof zh;
type State = keyof Texts['state'];

const main = document.getElementById('page')!;
let lang = keptLang();
let code = codeOf(landedOn(location.pathname));
let found: Verified | null = null;
let sealed: boolean | null = null;
let asking = false;
let trouble: 'short' | 'network' | null = null;
let compared: { name: string; same: boolean | null } | null = null;

const texts = (): Texts => (lang === 'zh' ? zh : en);

async function ask() {
    [found, sealed, compared] = [null, null, null];
    trouble = isCode(code) ? null : 'short';
    if (trouble) return draw();
    asking = true;
    history.replaceState(null, '', `/v/${code}`);
    draw();
    const answer = await getJson<Verified>(`/api/verify/${code}`);
    asking = false;
    if (answer.body) found = answer.body;
    else if ([400, 404, 422].includes(answer.status)) found = { code, found: false };
    else trouble = 'network';
    sealed = found?.found ? await isSealed(found) : null;
    draw();
    main.querySelector('[data-state]')?.scrollIntoView({ block: 'nearest' });
}

function form() {
    const t = texts();
    const box = el('input', { id: 'code', value: inFours(code), autocomplete: 'off', spellcheck: false, placeholder: 'XXXX-XXXX-XXXX-XXXX', enterKeyHint: 'go' });
    box.setAttribute('autocapitalize', 'characters');
    box.oninput = () => {
        const atEnd = box.selectionStart === box.value.length;
        code = codeOf(box.value);
        if (atEnd) box.value = inFours(code);
    };
    const deed = (e: SubmitEvent) => {
        e.preventDefault();
        void ask();
    };
    const short = trouble === 'short' ? el('p', { className: 'bad', role: 'alert' }, t.short) : null;
    return el(
        'form',
        { className: 'code', onsubmit: deed },
        el('label', { htmlFor: 'code' }, t.code),
        el('div', {}, box, el('button', { type: 'submit', className: 'send' }, t.ask)),
        el('p', { className: 'small' }, t.codeHint),
        short,
    );
}

const note = (kind: string, title: string, ...more: (Node | string | null)[]) =>
    el('section', { className: `note note-${kind}`, data: { state: kind } }, el('h2', {}, title), ...more);

const stateOf = (of: Verified): State => (of.state && of.state in texts().state ? (of.state as State) : 'made');

function result(of: Verified) {
    const t = texts();
    if (!of.found) return note('unknown', t.unknown, el('p', {}, t.unknownHint));
    const state = stateOf(of);
    const rows: [string, string | null | undefined][] = [
        [t.name, lang === 'zh' ? of.title_zh : of.title_en],
        [t.number, of.number],
        [t.version, of.version == null ? null : String(of.version)],
        [t.org, of.org],
        [t.madeAt, of.made_at == null ? null : minuteOf(of.made_at, lang)],
        [t.newer, of.superseded_by],
        [t.sealedAt, of.sealed_at == null ? null : minuteOf(of.sealed_at, lang)],
    ];
    return note(
        state,
        t.state[state],
        el('p', {}, t.stateHint[state]),
        el('dl', {}, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value!)])),
    );
}

async function compare(file: File | undefined) {
    if (!file || !found?.sha256) return;
    compared = { name: file.name, same: await isSame(file, found.sha256) };
    draw();
}

function comparison(of: Verified) {
    const t = texts();
    const pick = el('input', { type: 'file', accept: 'application/pdf', id: 'file', className: 'visually-hidden', disabled: !canHash() });
    pick.onchange = () => void compare(pick.files?.[0]);
    const drop = el('label', { htmlFor: 'file', className: 'drop' }, t.drop);
    drop.ondragover = (e) => {
        e.preventDefault();
        drop.classList.add('over');
    };
    drop.ondragleave = () => drop.classList.remove('over');
    drop.ondrop = (e) => {
        e.preventDefault();
        void compare(e.dataTransfer?.files[0]);
    };
    const kind = compared?.same === true ? 'same' : compared?.same === false ? 'other' : 'untold';
    const said = compared && el('p', { className: `told told-${kind}`, role: 'status', data: { compared: kind } }, fill(t.compared[kind], { name: compared.name }));
    return el(
        'section',
        { className: 'compare' },
        el('h2', {}, t.compare),
        el('p', { className: 'small' }, canHash() ? t.compareHint : t.noHash),
        canHash() ? el('div', { className: 'drop-place' }, pick, drop) : null,
        said,
        copyable(t.sha256, of.sha256 ?? ''),
    );
}

function copyable(name: string, text: string, file?: string) {
    const t = texts();
    const copy = el('button', { type: 'button', className: 'plain' }, t.copy);
    copy.onclick = () =>
        void navigator.clipboard?.writeText(text).then(() => {
            copy.textContent = t.copied;
        });
    const save = file && el('a', { className: 'plain', download: file, href: URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' })) }, file);
    return el('div', { className: 'copyable' }, el('p', {}, el('b', {}, name), copy, save || null), el('pre', { tabIndex: 0 }, text));
}

function seal(of: Verified) {
    const t = texts();
    if (!of.statement) return null;
    const verdict = sealed === null ? null : el('p', { className: sealed ? 'told told-same' : 'told told-other', data: { sealed: String(sealed) } }, sealed ? t.sealGood : t.sealBad);
    const pieces: [string, string | null | undefined, string][] = [
        [t.statement, of.statement, 'statement.txt'],
        [t.ed25519, of.ed25519, 'ed25519.txt'],
        [t.ed25519Key, of.ed25519_key, 'ed25519.pem'],
        [t.sm2, of.sm2, 'sm2.txt'],
        [t.sm2Key, of.sm2_key, 'sm2.pem'],
    ];
    return el(
        'details',
        {},
        el('summary', {}, t.seal),
        el('p', { className: 'small' }, t.sealHint),
        verdict,
        ...pieces.filter(([, text]) => text).map(([name, text, file]) => copyable(name, text!, file)),
        copyable(t.commands, COMMANDS),
    );
}

function draw() {
    const t = texts();
    const open = main.querySelector('details')?.open ?? false;
    const again = () => el('button', { type: 'button', className: 'send', onclick: () => void ask() }, t.again);
    const all = [
        head(t.title, lang, speak),
        form(),
        asking ? el('p', { className: 'waiting' }, t.waiting) : null,
        trouble === 'network' ? note('trouble', t.trouble, el('p', {}, t.troubleHint), again()) : null,
        found && result(found),
        found?.sha256 ? comparison(found) : null,
        found && seal(found),
    ];
    main.replaceChildren(...all.filter((n): n is HTMLElement => !!n));
    const details = main.querySelector('details');
    if (details) details.open = open;
}

function speak(next: Lang) {
    lang = next;
    draw();
}

draw();
if (code) void ask();
