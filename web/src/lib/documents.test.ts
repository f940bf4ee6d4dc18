import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf, inFours, isCode } from './code';
import { isSame, sha256Of } from './sha256';

describe('comparing a file', () => {
    const pdf = new TextEncoder().encode('%PDF-1.7 a document');
    const hash = createHash('sha256').update(pdf).digest('hex');
    it('computes what others compute', async () => {
        expect(await sha256Of(pdf)).toBe(hash);
        expect(await sha256Of(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    });
    it('says the same only of the same bytes', async () => {
        expect(await isSame(new Blob([pdf]), hash)).toBe(true);
        expect(await isSame(new Blob([pdf]), hash.toUpperCase())).toBe(true);
        expect(await isSame(new Blob([pdf, ' ']), hash)).toBe(false);
        expect(await isSame(new Blob([]), hash)).toBe(false);
    });
    it('says nothing of what cannot be read', async () => {
        const gone = { arrayBuffer: () => Promise.reject(new Error('gone')) } as unknown as Blob;
        expect(await isSame(gone, hash)).toBe(null);
    });
});

describe('a verification code', () => {
    it('is read as people write it', () => {
        for (const [typed, code] of [
            ['0123-4567-89AB-CDEF', '0123456789ABCDEF'],
            ['o1il 4567 89ab cdef', '0111456789ABCDEF'],
            ['https://city.example/v/0123456789ABCDEF', '0123456789ABCDEF'],
            ['U0123456789ABCDEFGH', '0123456789ABCDEF'],
            ['', ''],
        ] as const)
            expect(codeOf(typed)).toBe(code);
    });
    it('is shown in fours, also while it is typed', () => {
        expect(inFours('0123456789ABCDEF')).toBe('0123-4567-89AB-CDEF');
        expect(inFours('01234')).toBe('0123-4');
        expect(isCode('01234')).toBe(false);
    });
});
