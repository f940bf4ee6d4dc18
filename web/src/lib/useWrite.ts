/* A write as a hook: keeps its Idempotency-Key until it succeeded or the intention changed, so that pressing the button
 * again after an error repeats the same deed and never does it twice. */
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { newKey } from './api';

export function useWrite<Input, Output>(deed: (input: Input, key: string) => Promise<Output>, done?: (output: Output, input: Input) => void) {
    const kept = useRef<{ intention: string; key: string } | null>(null);
    return useMutation({
        mutationFn: (input: Input) => {
            const intention = input instanceof Blob ? `${input.size}` : (JSON.stringify(input) ?? '');
            if (kept.current?.intention !== intention) kept.current = { intention, key: newKey() };
            return deed(input, kept.current.key);
        },
        onSuccess: (output, input) => {
            kept.current = null;
            done?.(output, input);
        },
    });
}
