/* Every place one can go: path, the right it takes, its key after "g", its icon. The rail, the shortcuts and the first page
 * after sign-in are all read from this table. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Me } from '@/api/types.gen';
import { may } from '@/lib/session';
import type { IconName } from '@/parts/Icon';

export interface Place {
    id: string; /* also its text: nav.<id> */
    path: string;
    key: string;
    icon: IconName;
    open: (me: Me) => boolean;
    page: LazyExoticComponent<ComponentType>;
}

export const places: Place[] = [
    {
        id: 'situation',
        path: '/situation',
        key: 's',
        icon: 'situation',
        open: (me) => may(me, 'map.view') && may(me, 'case.list'),
        page: lazy(() => import('@/rooms/supervise/Situation')),
    },
];

export const placesOf = (me: Me) => places.filter((place) => place.open(me));

/* Handlers and units begin with their tasks, everyone else with the first place open to them. */
export const firstOf = (me: Me): string => {
    const open = placesOf(me);
    const begin = me.roles.some((role) => role === 'unit' || role === 'handler') ? open[0] : (open.find((p) => p.id !== 'tasks') ?? open[0]);
    return begin?.path ?? '/help';
};
