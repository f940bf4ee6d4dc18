/* The newest checkpoint, read, its signature checked, and held against the one this browser saw last. */
import { useQuery } from '@tanstack/react-query';
import type { Checkpoint, Proof } from '@/api/types.gen';
import { get } from '@/lib/api';
import { keep, type Kept, keptOf } from '@/lib/kept';
import { keysOf } from '@/lib/keysOf';
import { hashOf, ProofError, verifyConsistency } from '@/lib/merkle';
import { type Note, parseNote, verifyNote } from '@/lib/note';

export interface Checked {
    text: string;
    key: string;
    note: Note;
    signed: boolean | null;
    before: Kept | null;
    fault: string | null; /* why it does not follow from the one before */
}

async function compare(note: Note, before: Kept | null): Promise<string | null> {
    if (!before || before.size === 0) return null;
    try {
        if (before.size > note.size) throw new ProofError('shrunk');
        const proof = await get<Proof>('/api/audit/consistency', { from: before.size, to: note.size });
        await verifyConsistency(before.size, note.size, hashOf(before.root), note.root, proof.hashes.map(hashOf));
        return null;
    } catch (error) {
        if (error instanceof ProofError) return error.why;
        throw error;
    }
}

async function check(): Promise<Checked> {
    const { note: text, key } = await get<Checkpoint>('/api/audit/checkpoint');
    const note = parseNote(text);
    const before = keptOf(note.origin);
    const [signed, fault] = await Promise.all([verifyNote(note, key), compare(note, before)]);
    if (!fault && signed !== false) keep(note);
    return { text, key, note, signed, before, fault };
}

export const useCheckpoint = () => useQuery({ queryKey: keysOf.checkpoint, queryFn: check, staleTime: 30_000 });
