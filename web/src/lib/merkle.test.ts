import { describe, expect, it } from 'vitest';
import { hashOf, leafHash, nodeHash, ProofError, toHex, verifyConsistency, verifyInclusion } from './merkle';
import { parseNote, verifyNote } from './note';

type Bytes = Uint8Array<ArrayBuffer>;
const MOST = 33;
const leaves = await Promise.all(Array.from({ length: MOST }, (_, i) => leafHash(`event ${i}`)));

const split = (n: number) => {
    let k = 1;
    while (k * 2 < n) k *= 2;
    return k;
};
/* The slow oracles: straight from the definitions of RFC 9162, 2.1.1, 2.1.3.1, 2.1.4.1. */
async function root(of: Bytes[]): Promise<Bytes> {
    if (of.length === 1) return of[0]!;
    const k = split(of.length);
    return nodeHash(await root(of.slice(0, k)), await root(of.slice(k)));
}
async function path(m: number, of: Bytes[]): Promise<Bytes[]> {
    if (of.length === 1) return [];
    const k = split(of.length);
    return m < k ? [...(await path(m, of.slice(0, k))), await root(of.slice(k))] : [...(await path(m - k, of.slice(k))), await root(of.slice(0, k))];
}
async function consistency(m: number, of: Bytes[], whole = true): Promise<Bytes[]> {
    if (m === of.length) return whole ? [] : [await root(of)];
    const k = split(of.length);
    return m <= k
        ? [...(await consistency(m, of.slice(0, k), whole)), await root(of.slice(k))]
        : [...(await consistency(m - k, of.slice(k), false)), await root(of.slice(0, k))];
}
const flip = (bytes: Bytes): Bytes => bytes.map((b, i) => (i === 7 ? b ^ 4 : b));
const why = (deed: Promise<void>) =>
    deed.then(
        () => 'sound',
        (e: unknown) => (e as ProofError).why,
    );

describe('inclusion', () => {
    it('holds for every leaf of every tree up to 33', async () => {
        for (let size = 1; size <= MOST; size++) {
            const tree = leaves.slice(0, size);
            const r = await root(tree);
            for (let i = 0; i < size; i++) expect(await why(verifyInclusion(i, size, tree[i]!, await path(i, tree), r))).toBe('sound');
        }
    });
    it('falls with one bit of the leaf, the root or any hash of the path, with a wrong place or a path cut or lengthened', async () => {
        const tree = leaves.slice(0, 21);
        const r = await root(tree);
        for (let i = 0; i < 21; i++) {
            const p = await path(i, tree);
            expect(await why(verifyInclusion(i, 21, flip(tree[i]!), p, r))).toBe('root');
            expect(await why(verifyInclusion(i, 21, tree[i]!, p, flip(r)))).toBe('root');
            for (let k = 0; k < p.length; k++) expect(await why(verifyInclusion(i, 21, tree[i]!, p.map((h, j) => (j === k ? flip(h) : h)), r))).toBe('root');
            expect(await why(verifyInclusion((i + 1) % 21, 21, tree[i]!, p, r))).not.toBe('sound');
            expect(await why(verifyInclusion(i, 21, tree[i]!, p.slice(1), r))).not.toBe('sound');
            expect(await why(verifyInclusion(i, 21, tree[i]!, [...p, r], r))).not.toBe('sound');
        }
        expect(await why(verifyInclusion(21, 21, tree[0]!, [], r))).toBe('range');
    });
});

describe('consistency', () => {
    it('holds between all trees up to 33, powers of two among them', async () => {
        for (let to = 1; to <= MOST; to++)
            for (let from = 1; from <= to; from++) {
                const tree = leaves.slice(0, to);
                const given = await consistency(from, tree);
                expect(await why(verifyConsistency(from, to, await root(tree.slice(0, from)), await root(tree), given)), `${from} ${to}`).toBe('sound');
            }
    });
    it('falls when the past was changed, when the ledger shrank, and with any hash altered', async () => {
        const tree = leaves.slice(0, 29);
        const now = await root(tree);
        for (let from = 1; from < 29; from++) {
            const then = await root(tree.slice(0, from));
            const given = await consistency(from, tree);
            expect(await why(verifyConsistency(from, 29, flip(then), now, given))).not.toBe('sound');
            expect(await why(verifyConsistency(from, 29, then, flip(now), given))).toBe('newRoot');
            for (let k = 0; k < given.length; k++)
                expect(await why(verifyConsistency(from, 29, then, now, given.map((h, i) => (i === k ? flip(h) : h))))).not.toBe('sound');
        }
        expect(await why(verifyConsistency(29, 28, now, now, []))).toBe('shrunk');
        expect(await why(verifyConsistency(29, 29, now, flip(now), []))).toBe('newRoot');
    });
});

describe('a checkpoint', () => {
    const signed = async (text: string) => {
        const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
        const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, new TextEncoder().encode(text)));
        const key = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
        const base64 = (...bytes: number[]) => btoa(String.fromCharCode(...bytes));
        return { note: `${text}\n— bihuan ${base64(1, 2, 3, 4, ...signature)}\n`, key: `bihuan+01020304+${base64(1, ...key)}` };
    };
    it('is read and its signature checked; a changed size is found', async () => {
        const root32 = btoa(String.fromCharCode(...leaves[0]!));
        const { note, key } = await signed(`bihuan\n1337\n${root32}\n`);
        const read = parseNote(note);
        expect([read.origin, read.size, toHex(read.root)]).toEqual(['bihuan', 1337, toHex(leaves[0]!)]);
        expect(await verifyNote(read, key)).toBe(true);
        expect(await verifyNote(parseNote(note.replace('1337', '1338')), key)).toBe(false);
        expect(await verifyNote(read, key.replace('01020304', '01020305'))).toBe(false);
    });
    it('is refused when it is none', () => {
        for (const bad of ['', 'a\n1\nAAAA\n\n', 'bihuan\n01\nx\n\n', 'bihuan\n-1\nx\n\n']) expect(() => parseNote(bad)).toThrow();
        expect(() => hashOf('zz')).toThrow();
    });
});
