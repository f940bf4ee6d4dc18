/* A checkpoint as a signed note (C2SP signed-note and tlog-checkpoint): origin, size, root, empty line, signature lines. */
import { fromBase64, hashOf, ProofError } from './merkle';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Note {
    origin: string;
    size: number;
    root: Bytes;
    text: string; /* what is signed */
    signatures: { name: string; bytes: Bytes }[]; /* 4 bytes of key id, then the signature */
}

export function parseNote(note: string): Note {
    const cut = note.indexOf('\n\n');
    if (cut < 0) throw new ProofError('note');
    const text = note.slice(0, cut + 1);
    const [origin = '', size = '', root = ''] = text.split('\n');
    if (!origin || !/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size))) throw new ProofError('note');
    const signatures = note
        .slice(cut + 2)
        .split('\n')
        .filter((line) => line.startsWith('— '))
        .map((line) => {
            const [, name = '', base64 = ''] = line.split(' ');
            return { name, bytes: fromBase64(base64) };
        });
    return { origin, size: Number(size), root: hashOf(root), text, signatures };
}

/* Is the note signed by the key "name+hash+base64"? null: this browser knows no Ed25519. */
export async function verifyNote(note: Note, verifierKey: string): Promise<boolean | null> {
    const [name = '', id = '', ...rest] = verifierKey.split('+');
    const key = fromBase64(rest.join('+'));
    if (key[0] !== 1 || key.length !== 33) return false;
    const signature = note.signatures.find((s) => s.name === name && [...s.bytes.slice(0, 4)].map((b) => b.toString(16).padStart(2, '0')).join('') === id);
    if (!signature) return false;
    try {
        const public_ = await crypto.subtle.importKey('raw', key.slice(1), 'Ed25519', false, ['verify']);
        return await crypto.subtle.verify('Ed25519', public_, signature.bytes.slice(4), new TextEncoder().encode(note.text));
    } catch {
        return null;
    }
}
