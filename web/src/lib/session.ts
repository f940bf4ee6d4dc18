/* Who sits here, and what the city's clock says. The session lives in a cookie that scripts cannot read; the cache only
 * holds the server's answer to "who am I". */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Me } from '@/api/types.gen';
import { ApiError, get, postOnce } from './api';
import { keysOf } from './keysOf';
import type { CityTick, Line } from './live';
import { setCityOffset } from './time';

async function whoAmI(): Promise<Me | null> {
    try {
        return welcome(await get<Me>('/api/me'));
    } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
    }
}

let heardAtSignIn = 0;
function welcome(me: Me): Me {
    setCityOffset(me.city.utc_offset);
    heardAtSignIn = performance.now();
    return me;
}

export const useSession = () => useQuery({ queryKey: keysOf.me, queryFn: whoAmI, staleTime: 60_000, retry: 2 });

/* Inside the frame somebody is signed in. */
export function useMe(): Me {
    const me = useSession().data;
    if (!me) throw new Error('no session');
    return me;
}

export const may = (me: Me, right: string) => me.rights.includes(right);
export const useMay = (right: string) => may(useMe(), right);

/* Nothing of the one before is left for the next; only the question "who am I" stays, as the page watches it. */
function changeOver(client: QueryClient, me: Me | null) {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== keysOf.me[0] });
    sessionStorage.clear();
    client.setQueryData(keysOf.me, me);
}

export function useSignIn() {
    const client = useQueryClient();
    return async (login: string, password: string) => {
        changeOver(client, welcome(await postOnce<Me>('/api/sign-in', { login, password })));
    };
}

export function useSignOut() {
    const client = useQueryClient();
    return async () => {
        await postOnce('/api/sign-out').catch(() => undefined);
        changeOver(client, null);
    };
}

/* The newest tick, or what was said at sign-in. */
export function useTick(): CityTick {
    const { city } = useMe();
    const tick = useQuery<CityTick>({ queryKey: keysOf.tick, enabled: false }).data;
    return tick ?? { now: city.now, speed: city.speed, open: 0, late: 0, versions: 0, heard: heardAtSignIn };
}

export const useLine = (): Line => useQuery<Line>({ queryKey: keysOf.line, enabled: false }).data ?? 'connecting';

/* The city's clock as it stood at the last beat, one beat every `every` ms of real time. In between it is the same number, so
 * that what shows it is not drawn again with every basket of events. */
export function useCityNow(every = 1000): number {
    const tick = useTick();
    const newest = useRef(tick);
    newest.current = tick;
    const [now, setNow] = useState(() => cityNow(tick));
    useEffect(() => {
        const timer = window.setInterval(() => setNow(cityNow(newest.current)), every);
        return () => window.clearInterval(timer);
    }, [every]);
    return now;
}

const cityNow = (tick: CityTick) => Math.round(tick.now + (performance.now() - tick.heard) * tick.speed);
