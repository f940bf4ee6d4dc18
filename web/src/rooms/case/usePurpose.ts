/* Why somebody looks: the purposes the pack gives their roles. With one there is nothing to choose; a choice is kept for the
 * sitting, so that the next case of the same service opens under it. */
import { useState } from 'react';
import { type PackPurpose, usePacks } from '@/lib/pack';

const kept = (pack: string) => `bihuan.purpose.${pack}`;

export function usePurpose(pack: string, roles: readonly string[]) {
    const packs = usePacks();
    const all = packs.of(pack)?.purposes ?? [];
    const purposes: PackPurpose[] = all.filter((p) => p.roles.some((role) => roles.includes(role)));
    const [, again] = useState(0);
    const before = sessionStorage.getItem(kept(pack));
    const known = purposes.find((p) => p.id === before);
    const purpose = known?.id ?? (purposes.length === 1 ? purposes[0]!.id : null);
    const choose = (id: string) => {
        sessionStorage.setItem(kept(pack), id);
        again((n) => n + 1);
    };
    return { purposes, purpose, choose };
}
