/* Keys for people who do not reach for the mouse. A binding is one key ("j") or two in a row ("g s"); nothing fires while
 * somebody types into a field or a dialogue is open. */
import { useEffect, useRef } from 'react';

export type Keys = Record<string, () => void>;
const PAIR = 900;

export const typing = (target: EventTarget | null) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const dialogOpen = () => document.querySelector('.ant-modal-wrap:not([style*="display: none"])') !== null;

/* The binding that `key` completes after `before`, if any. */
export const pick = (keys: Keys, before: string | null, key: string): (() => void) | undefined =>
    (before ? keys[`${before} ${key}`] : undefined) ?? keys[key];

export function useKeys(keys: Keys) {
    const bound = useRef(keys);
    bound.current = keys;
    useEffect(() => {
        let before: { key: string; at: number } | null = null;
        const down = (e: KeyboardEvent) => {
            if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || dialogOpen()) return;
            const recent = before && e.timeStamp - before.at < PAIR ? before.key : null;
            before = { key: e.key, at: e.timeStamp };
            const deed = pick(bound.current, recent, e.key);
            if (!deed) return;
            e.preventDefault();
            deed();
        };
        window.addEventListener('keydown', down);
        return () => window.removeEventListener('keydown', down);
    }, []);
}
