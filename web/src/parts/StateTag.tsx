/* The state a case is in, by the pack's own word. */
import { usePacks } from '@/lib/pack';
import './tags.css';

export function StateTag({ pack, state, final }: { pack: string; state: string; final: boolean }) {
    const packs = usePacks();
    return <span className={final ? 'tag tag-final' : 'tag'}>{packs.state(pack, state)}</span>;
}
