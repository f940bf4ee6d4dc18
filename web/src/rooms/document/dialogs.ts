/* What covers the signer's page for a moment: the canvas to sign on, and why somebody does not sign. Escape and the way back
 * close them; what was drawn is kept. */
import { el } from '@/lib/dom';
import { type Drawing, type Kept, startPad } from '@/lib/pad';

export interface Words {
    title: string;
    who: string;
    hint: string;
    undo: string;
    clear: string;
    back: string;
    send: string;
    canvas: string;
}

const button = (className: string, text: string, onclick: () => void) => el('button', { type: 'button', className, onclick }, text);

function open(dialog: HTMLDialogElement, ended: () => void) {
    dialog.addEventListener('close', () => {
        dialog.remove();
        ended();
    });
    document.body.append(dialog);
    dialog.showModal();
}

/* `send` gives the line to show when it did not work, null when the dialog may go. */
export type Send<T> = (said: T) => Promise<string | null>;

function sender<T>(dialog: HTMLDialogElement, go: HTMLButtonElement, trouble: HTMLElement, said: () => T, send: Send<T>) {
    let sending = false; /* a second tap does nothing */
    return async () => {
        if (sending) return;
        sending = true;
        dialog.dataset.sending = 'yes';
        go.setAttribute('aria-disabled', 'true');
        trouble.textContent = '';
        const line = await send(said());
        sending = false;
        delete dialog.dataset.sending;
        go.removeAttribute('aria-disabled');
        if (line === null) dialog.close();
        else trouble.textContent = line;
    };
}

/* `before`: what was drawn when it was closed last; `ended` gets what is drawn now. */
export function askSignature(words: Words, before: Kept | undefined, send: Send<number[][]>, ended: (kept: Kept) => void) {
    const canvas = el('canvas', { className: 'pad', tabIndex: 0 });
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', words.canvas);
    const trouble = el('p', { className: 'dialog-trouble', role: 'alert' });
    const ghost = el('span', { className: 'pad-line' });
    const undo = button('plain', words.undo, () => pad.undo());
    const clear = button('plain', words.clear, () => pad.clear());
    const go = button('send', words.send, () => void deed());
    const dialog = el(
        'dialog',
        { className: 'sign-dialog' },
        el('div', { className: 'dialog-head' }, el('h2', {}, words.title), el('span', {}, words.who), button('plain', words.back, () => dialog.close())),
        el('div', { className: 'pad-place' }, ghost, canvas),
        el('div', { className: 'dialog-foot' }, el('p', { className: 'small' }, words.hint), trouble, el('div', { className: 'dialog-deeds' }, undo, clear, go)),
    );
    dialog.setAttribute('aria-label', words.title);
    const drew = ({ empty, enough }: Drawing) => {
        undo.disabled = clear.disabled = empty;
        go.disabled = !enough;
    };
    open(dialog, () => {
        pad.stop();
        window.removeEventListener('online', again);
        ended(pad.kept());
    });
    const pad = startPad(canvas, drew, before);
    const deed = sender(dialog, go, trouble, pad.strokes, send);
    const again = () => trouble.textContent && void deed(); /* the net is back: the same once more */
    window.addEventListener('online', again);
}

export interface WhyWords {
    title: string;
    hint: string;
    label: string;
    back: string;
    send: string;
}
const LONGEST = 500;

export function askReason(words: WhyWords, send: Send<string>) {
    const box = el('textarea', { maxLength: LONGEST, rows: 4, required: true });
    const trouble = el('p', { className: 'dialog-trouble', role: 'alert' });
    const go = button('send', words.send, () => void deed());
    go.disabled = true;
    box.oninput = () => (go.disabled = box.value.trim() === '');
    const dialog = el(
        'dialog',
        { className: 'why-dialog' },
        el('h2', {}, words.title),
        el('p', {}, words.hint),
        el('label', {}, words.label, box),
        trouble,
        el('div', { className: 'dialog-deeds' }, button('plain', words.back, () => dialog.close()), go),
    );
    dialog.setAttribute('aria-label', words.title);
    const deed = sender(dialog, go, trouble, () => box.value.trim(), send);
    open(dialog, () => undefined);
    box.focus();
}
