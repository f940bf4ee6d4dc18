/* Checking the ledger's proofs in this browser, after RFC 9162, 2.1.3.2 and 2.1.4.2. Shares no code with the server; sizes
 * are plain numbers, halved by arithmetic and never by 32-bit shifts. */
export class ProofError extends Error {
    constructor(readonly why: 'leaf' | 'root' | 'range' | 'length' | 'shrunk' | 'oldRoot' | 'newRoot' | 'note') {
        super(why);
    }
}

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(...parts: Bytes[]): Promise<Bytes> {
    const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
    let at = 0;
    for (const part of parts) {
        all.set(part, at);
        at += part.length;
    }
    return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
export const leafHash = (text: string) => sha256(LEAF, new TextEncoder().encode(text) as Bytes);
export const nodeHash = (left: Bytes, right: Bytes) => sha256(NODE, left, right);

export const toHex = (bytes: Bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

export function fromBase64(text: string): Bytes {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/* 32 bytes as hex or base64. */
export function hashOf(text: string): Bytes {
    const bytes = /^[0-9a-f]{64}$/i.test(text) ? Uint8Array.from(text.match(/../g)!, (pair) => parseInt(pair, 16)) : fromBase64(text);
    if (bytes.length !== 32) throw new ProofError('length');
    return bytes;
}

const same = (a: Bytes, b: Bytes) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const half = (n: number) => Math.floor(n / 2);
const odd = (n: number) => n % 2 === 1;

/* That leaf `index` (from 0) is in the tree of `size` leaves with `root`. */
export async function verifyInclusion(index: number, size: number, leaf: Bytes, path: readonly Bytes[], root: Bytes): Promise<void> {
    if (!(index >= 0 && index < size)) throw new ProofError('range');
    let fn = index;
    let sn = size - 1;
    let r = leaf;
    for (const p of path) {
        if (sn === 0) throw new ProofError('length');
        if (odd(fn) || fn === sn) {
            r = await nodeHash(p, r);
            while (!odd(fn) && fn !== 0) {
                fn = half(fn);
                sn = half(sn);
            }
        } else r = await nodeHash(r, p);
        fn = half(fn);
        sn = half(sn);
    }
    if (sn !== 0) throw new ProofError('length');
    if (!same(r, root)) throw new ProofError('root');
}

const powerOfTwo = (n: number) => {
    while (n > 1 && !odd(n)) n = half(n);
    return n === 1;
};

/* That the tree of `to` leaves begins with the very `from` leaves of the older one. */
export async function verifyConsistency(from: number, to: number, oldRoot: Bytes, newRoot: Bytes, given: readonly Bytes[]): Promise<void> {
    if (from > to) throw new ProofError('shrunk');
    if (from === 0) return;
    if (from === to) {
        if (given.length > 0) throw new ProofError('length');
        if (!same(oldRoot, newRoot)) throw new ProofError('newRoot');
        return;
    }
    const path = powerOfTwo(from) ? [oldRoot, ...given] : [...given];
    if (path.length === 0) throw new ProofError('length');
    let fn = from - 1;
    let sn = to - 1;
    while (odd(fn)) {
        fn = half(fn);
        sn = half(sn);
    }
    let fr = path[0]!;
    let sr = path[0]!;
    for (const c of path.slice(1)) {
        if (sn === 0) throw new ProofError('length');
        if (odd(fn) || fn === sn) {
            fr = await nodeHash(c, fr);
            sr = await nodeHash(c, sr);
            while (!odd(fn) && fn !== 0) {
                fn = half(fn);
                sn = half(sn);
            }
        } else sr = await nodeHash(sr, c);
        fn = half(fn);
        sn = half(sn);
    }
    if (sn !== 0) throw new ProofError('length');
    if (!same(fr, oldRoot)) throw new ProofError('oldRoot');
    if (!same(sr, newRoot)) throw new ProofError('newRoot');
}
