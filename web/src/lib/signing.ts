/* What a signer says of a text, as it goes over the wire. */
import type { SignPost } from '@/api/types.gen';

export type Said = { deed: 'sign'; strokes: number[][] } | { deed: 'object' | 'refuse'; reason: string };

/* `sha256`: of the pages they were shown. `signer`: for who signed in; a link is one signer's anyway. */
export const postOf = (said: Said, sha256: string, at: number, signer?: string) =>
    ({ ...said, sha256, device_at: at, ...(signer ? { signer } : {}) }) as unknown as SignPost;
