/* A value that changes at most once in `every` ms, the last one always coming through: for what is dear to draw. */
import { useEffect, useRef, useState } from 'react';

export function useCalm<T>(value: T, every: number): T {
    const [calm, setCalm] = useState(value);
    const newest = useRef(value);
    newest.current = value;
    const last = useRef(0);
    useEffect(() => {
        const wait = Math.max(0, last.current + every - performance.now());
        const timer = window.setTimeout(() => {
            last.current = performance.now();
            setCalm(newest.current);
        }, wait);
        return () => window.clearTimeout(timer);
    }, [value, every]);
    return calm;
}
