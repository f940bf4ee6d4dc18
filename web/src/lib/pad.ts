/* A canvas one signs on with finger, pen or mouse. One pointer draws at a time, so that a resting hand leaves no ink. The page
 * gives the canvas its size by its styles (touch-action: none is among them); turned, the drawing is kept. */
import { isSignature, MOST_STROKES, refit, type Size, strokesOf } from './strokes';

export interface Pad {
    undo(): void;
    clear(): void;
    strokes(): number[][]; /* as the server takes them */
    kept(): Kept;
    stop(): void;
}
export interface Drawing {
    empty: boolean;
    enough: boolean; /* more than a dot */
}

/* A drawing that may be gone on with on another canvas. */
export interface Kept {
    drawn: number[][];
    size: Size;
}

const THICK = 0.0065; /* of the longer side */

/* Through the midpoints, as on paper (engine/paper/strokes.c). */
function trace(to: CanvasRenderingContext2D, s: readonly number[]) {
    to.beginPath();
    to.moveTo(s[0]!, s[1]!);
    if (s.length === 2) to.lineTo(s[0]!, s[1]!);
    for (let i = 2; i < s.length; i += 2) {
        const last = i + 2 >= s.length;
        if (last) to.lineTo(s[i]!, s[i + 1]!);
        else to.quadraticCurveTo(s[i]!, s[i + 1]!, (s[i]! + s[i + 2]!) / 2, (s[i + 1]! + s[i + 3]!) / 2);
    }
    to.stroke();
}

export function startPad(canvas: HTMLCanvasElement, changed: (drawing: Drawing) => void, before?: Kept): Pad {
    const context = canvas.getContext('2d')!;
    let made = before ?? { drawn: [], size: { width: 0, height: 0 } }; /* as it was before the canvas took its last size */
    let { drawn, size } = made;
    let pen: number | null = null;

    const draw = () => {
        const sharp = window.devicePixelRatio || 1;
        context.setTransform(sharp, 0, 0, sharp, 0, 0);
        context.clearRect(0, 0, size.width, size.height);
        context.strokeStyle = getComputedStyle(canvas).color;
        context.lineWidth = Math.max(2, Math.max(size.width, size.height) * THICK);
        context.lineCap = context.lineJoin = 'round';
        for (const stroke of drawn) trace(context, stroke);
    };
    const tell = () => changed({ empty: drawn.length === 0, enough: isSignature(strokesOf(drawn, size)) });
    const fit = () => {
        const next = { width: canvas.clientWidth, height: canvas.clientHeight };
        if (!next.width || !next.height || (next.width === size.width && next.height === size.height && canvas.dataset.fit)) return;
        canvas.dataset.fit = 'yes';
        if (made.size.width) drawn = refit(made.drawn, made.size, next);
        size = next;
        const sharp = window.devicePixelRatio || 1;
        [canvas.width, canvas.height] = [Math.round(size.width * sharp), Math.round(size.height * sharp)];
        draw();
    };
    const put = (e: PointerEvent) => {
        const box = canvas.getBoundingClientRect();
        const more = e.getCoalescedEvents?.() ?? [];
        for (const at of more.length > 0 ? more : [e]) drawn.at(-1)!.push(at.clientX - box.left, at.clientY - box.top);
    };
    const down = (e: PointerEvent) => {
        if (pen !== null || e.button !== 0 || drawn.length >= MOST_STROKES) return;
        e.preventDefault();
        pen = e.pointerId;
        made = { drawn, size };
        canvas.setPointerCapture(pen);
        drawn.push([]);
        put(e);
        draw();
    };
    const move = (e: PointerEvent) => {
        if (e.pointerId !== pen) return;
        put(e);
        draw();
    };
    const up = (e: PointerEvent) => {
        if (e.pointerId !== pen) return;
        pen = null;
        tell();
    };
    const off = new AbortController();
    const on = { signal: off.signal };
    canvas.addEventListener('pointerdown', down, on);
    canvas.addEventListener('pointermove', move, on);
    canvas.addEventListener('pointerup', up, on);
    canvas.addEventListener('pointercancel', up, on);
    const watch = new ResizeObserver(fit);
    watch.observe(canvas);
    fit();
    tell();
    const change = (next: number[][]) => {
        if (pen !== null) return;
        drawn = next;
        made = { drawn, size };
        draw();
        tell();
    };
    return {
        undo: () => change(drawn.slice(0, -1)),
        clear: () => change([]),
        strokes: () => strokesOf(drawn, size),
        kept: () => ({ drawn, size }),
        stop: () => {
            off.abort();
            watch.disconnect();
        },
    };
}
