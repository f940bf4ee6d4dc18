/* How large a drawing is shown, and which part of it: buttons and keys make it larger and smaller, the wheel does with Ctrl,
 * and it is drawn about by the mouse. Everything else - touch, wheel, keys - is the scrolling of the window it lies in. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

const STEP = 1.25;
const [LEAST, MOST] = [0.25, 3];
const READABLE = 0.78; /* smaller than this the texts are not; then it is scrolled instead */
const STILL = 4; /* px the hand may tremble in a click */

const within = (scale: number) => Math.min(MOST, Math.max(LEAST, scale));

interface Size {
    w: number;
    h: number;
}

export function useView(frame: RefObject<HTMLDivElement | null>, size: Size) {
    const [room, setRoom] = useState<Size | null>(null);
    const [chosen, choose] = useState<number | 'width' | 'whole'>('width');
    const middle = useRef({ x: 0.5, y: 0 }); /* of what is seen, as a share of the drawing; at first its beginning */
    useLayoutEffect(() => {
        const box = frame.current!;
        const look = () => setRoom({ w: box.clientWidth, h: Math.max(box.clientHeight, 320) });
        look();
        const watch = new ResizeObserver(look);
        watch.observe(box);
        return () => watch.disconnect();
    }, [frame]);
    const byWidth = room ? room.w / size.w : 1;
    const whole = room ? Math.min(byWidth, room.h / size.h, 1.5) : 1;
    const scale = chosen === 'width' ? Math.min(1, Math.max(byWidth, READABLE)) : chosen === 'whole' ? whole : chosen;

    const look = () => {
        const box = frame.current!;
        middle.current = { x: (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth, y: (box.scrollTop + box.clientHeight / 2) / box.scrollHeight };
    };
    const zoom = (by: number) => {
        look();
        choose(within(scale * by));
    };
    useLayoutEffect(() => {
        const box = frame.current!;
        box.scrollLeft = middle.current.x * box.scrollWidth - box.clientWidth / 2;
        box.scrollTop = middle.current.y * box.scrollHeight - box.clientHeight / 2;
    }, [frame, scale]);
    useEffect(() => {
        const box = frame.current!;
        const turn = (e: WheelEvent) => {
            if (!e.ctrlKey) return;
            e.preventDefault();
            look();
            choose(within(scale * (e.deltaY < 0 ? STEP : 1 / STEP)));
        };
        box.addEventListener('wheel', turn, { passive: false });
        return () => box.removeEventListener('wheel', turn);
    }, [frame, scale]);

    const drag = useRef<{ x: number; y: number; left: number; top: number; moved: boolean } | null>(null);
    return {
        scale,
        larger: () => zoom(STEP),
        smaller: () => zoom(1 / STEP),
        fit: () => choose('whole'),
        /* A place of the drawing to the middle of the window, as far as it goes. */
        show: (x: number, y: number) => {
            const box = frame.current!;
            box.scrollTo({ left: x * scale - box.clientWidth / 2, top: y * scale - box.clientHeight / 2 });
            look();
        },
        onKeyDown: (e: KeyboardEvent) => {
            if (e.ctrlKey || e.metaKey || e.altKey) return;
            if (e.key === '+' || e.key === '=') zoom(STEP);
            else if (e.key === '-') zoom(1 / STEP);
            else if (e.key === '0') choose('whole');
        },
        onPointerDown: (e: PointerEvent) => {
            const box = frame.current!;
            if (e.pointerType === 'mouse' && e.button === 0) drag.current = { x: e.clientX, y: e.clientY, left: box.scrollLeft, top: box.scrollTop, moved: false };
        },
        onPointerMove: (e: PointerEvent) => {
            const d = drag.current;
            if (!d || (!d.moved && Math.hypot(e.clientX - d.x, e.clientY - d.y) < STILL)) return;
            if (!d.moved) frame.current!.setPointerCapture(e.pointerId);
            d.moved = true;
            frame.current!.scrollLeft = d.left - (e.clientX - d.x);
            frame.current!.scrollTop = d.top - (e.clientY - d.y);
        },
        onPointerUp: () => {
            drag.current = null;
        },
    };
}
