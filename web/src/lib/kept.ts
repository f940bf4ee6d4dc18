/* The checkpoint this browser saw last. Kept here, it is a witness the server cannot reach: a ledger that was rewritten since
 * no longer fits it. */
import { toHex } from './merkle';
import type { Note } from './note';

const KEPT = 'bihuan.checkpoint';
export interface Kept {
    size: number;
    root: string;
}

export function keptOf(origin: string): Kept | null {
    try {
        const all = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Record<string, Kept>;
        return all[origin] ?? null;
    } catch {
        return null;
    }
}

export function keep(note: Note) {
    localStorage.setItem(KEPT, JSON.stringify({ [note.origin]: { size: note.size, root: toHex(note.root) } }));
}
