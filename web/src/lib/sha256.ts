/* SHA-256 of a file, in this browser. */
import { toHex } from './merkle';

export const canHash = () => typeof crypto !== 'undefined' && !!crypto.subtle; /* plain http: no */

export const sha256Of = async (bytes: BufferSource) => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

/* "yes", "no", or null when the file cannot be read or this browser cannot tell. */
export async function isSame(file: Blob, sha256: string): Promise<boolean | null> {
    if (!canHash()) return null;
    try {
        return (await sha256Of(await file.arrayBuffer())) === sha256.toLowerCase();
    } catch {
        return null;
    }
}
