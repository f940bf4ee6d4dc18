/* The seal of a document as others can check it: the Ed25519 signature in this browser, and the commands that check both
 * signatures on any machine with OpenSSL 3. */
import type { Verified } from '@/api/types.gen';
import { fromBase64 } from '@/lib/merkle';

/* true, false, or null: this browser cannot tell. */
export async function isSealed(of: Verified): Promise<boolean | null> {
    if (!of.statement || !of.ed25519 || !of.ed25519_key) return null;
    try {
        const spki = fromBase64(of.ed25519_key.replace(/-----[^-]+-----|\s/g, ''));
        const key = await crypto.subtle.importKey('spki', spki, 'Ed25519', false, ['verify']);
        const sound = await crypto.subtle.verify('Ed25519', key, fromBase64(of.ed25519), new TextEncoder().encode(of.statement));
        return sound && of.statement.includes(of.sha256 ?? '');
    } catch {
        return null;
    }
}

export const COMMANDS = [
    'sha256sum document.pdf',
    'base64 -d ed25519.txt > ed25519.sig',
    'openssl pkeyutl -verify -pubin -inkey ed25519.pem -rawin -in statement.txt -sigfile ed25519.sig',
    'base64 -d sm2.txt > sm2.sig',
    'openssl dgst -sm3 -sigopt distid:1234567812345678 -verify sm2.pem -signature sm2.sig statement.txt',
].join('\n');
