/* Asking the server without a sign-in. A refusal is an Answer too; what does not arrive has status 0. */
import type { Problem } from '@/api/types.gen';

export interface Answer<T> {
    status: number;
    ok: boolean;
    body: T | null;
    problem: Problem | null;
}

const PATIENCE = 30_000; /* older telephones cannot be impatient */

async function ask<T>(path: string, init: RequestInit, read: (answer: Response) => Promise<T>): Promise<Answer<T>> {
    try {
        const answer = await fetch(path, { signal: AbortSignal.timeout?.(PATIENCE), ...init });
        if (answer.ok) return { status: answer.status, ok: true, body: await read(answer), problem: null };
        const problem = await answer.json().catch(() => null);
        return { status: answer.status, ok: false, body: null, problem: problem as Problem | null };
    } catch {
        return { status: 0, ok: false, body: null, problem: null };
    }
}

export const getJson = <T>(path: string) => ask<T>(path, {}, (answer) => answer.json() as Promise<T>);
export const getBytes = (path: string) => ask(path, {}, async (answer) => new Uint8Array(await answer.arrayBuffer()));
export const post = <T>(path: string, body: unknown, key: string) =>
    ask<T>(
        path,
        { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key }, body: JSON.stringify(body) },
        (answer) => answer.json() as Promise<T>,
    );
