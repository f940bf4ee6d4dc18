/* Which of the things one may do now is the way forward: the one that goes to a later state in the pack's own order, and not
 * to an end other than the first, where cases are meant to end. The others stand beside it. */
import type { Offer } from '@/api/types.gen';
import type { PackState } from './pack';

export function wayForward(states: readonly PackState[], state: string, offers: readonly Offer[]): Offer | undefined {
    const place = (id: string) => states.findIndex((s) => s.id === id);
    const end = states.findIndex((s) => s.final);
    return offers.find(({ to }) => to != null && place(to) > place(state) && (place(to) <= end || end < 0));
}
