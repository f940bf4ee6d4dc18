/* Talking to the server: JSON in and out, refusals as ApiError, and writes that may be tried again without happening twice
 * (one Idempotency-Key for one intention, kept over every retry). */
import type { Problem } from '@/api/types.gen';

export class ApiError extends Error {
    constructor(
        readonly status: number,
        readonly problem: Problem,
    ) {
        super(problem.error);
    }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query?: Query): string {
    const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
    if (given.length === 0) return path;
    return `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}

const UNREACHABLE: Problem = { error: 'the server cannot be reached', code: 'network' };
const PATIENCE = 20_000;

async function problemOf(answer: Response): Promise<Problem> {
    try {
        const body = (await answer.json()) as Partial<Problem>;
        if (body.error && body.code) return body as Problem;
    } catch {
        /* a proxy's page, not ours */
    }
    return { error: `${answer.status} ${answer.statusText}`, code: `http-${answer.status}` };
}

async function answerTo(path: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
        answer = await fetch(path, { credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE), ...init });
    } catch {
        throw new ApiError(0, UNREACHABLE);
    }
    if (!answer.ok) throw new ApiError(answer.status, await problemOf(answer));
    return answer;
}

const ask = async <T>(path: string, init: RequestInit) => (await (await answerTo(path, init)).json()) as T;

export const get = <T>(path: string, query?: Query) => ask<T>(withQuery(path, query), {});

export const getBytes = async (path: string, query?: Query) => new Uint8Array(await (await answerTo(withQuery(path, query), {})).arrayBuffer());

export const newKey = () => crypto.randomUUID();

const PAUSES = [0, 400, 1500];
const worthRetrying = (error: unknown) => error instanceof ApiError && [0, 502, 503, 504].includes(error.status);

/* One intention. The same key goes with every try, so an answer lost on the way does no harm. */
export async function write<T>(method: 'POST' | 'PUT', path: string, body: unknown, key: string, type = 'application/json') {
    let last: unknown;
    for (const pause of PAUSES) {
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
        try {
            return await ask<T>(path, {
                method,
                headers: { 'Content-Type': type, 'Idempotency-Key': key },
                body: type === 'application/json' ? JSON.stringify(body ?? {}) : (body as BodyInit),
            });
        } catch (error) {
            if (!worthRetrying(error)) throw error;
            last = error;
        }
    }
    throw last;
}

/* Sign-in, sign-out and what changes nothing: no key, never repeated by themselves. Where no body is wanted, none is taken. */
export const postOnce = <T>(path: string, body?: unknown) =>
    ask<T>(path, { method: 'POST', ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }) });
