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

const right = (name: string) => (me: Me) => may(me, name);

export const places: Place[] = [
    {
        id: 'tasks',
        path: '/tasks',
        key: 't',
        icon: 'tasks',
        open: right('task.list'),
        page: lazy(() => import('@/rooms/dispatch/Tasks')),
    },
    {
        id: 'situation',
        path: '/situation',
        key: 's',
        icon: 'situation',
        open: (me) => may(me, 'map.view') && may(me, 'case.list'),
        page: lazy(() => import('@/rooms/supervise/Situation')),
    },
    { id: 'cases', path: '/cases', key: 'c', icon: 'cases', open: right('case.list'), page: lazy(() => import('@/rooms/case/Cases')) },
    { id: 'call', path: '/call', key: 'n', icon: 'call', open: right('signal.post'), page: lazy(() => import('@/rooms/intake/NewCall')) },
    {
        id: 'import',
        path: '/import',
        key: 'm',
        icon: 'import',
        open: right('signal.import'),
        page: lazy(() => import('@/rooms/intake/Import')),
    },
    {
        id: 'indicators',
        path: '/indicators',
        key: 'i',
        icon: 'indicators',
        open: right('measure.view'),
        page: lazy(() => import('@/rooms/measure/Indicators')),
    },
    { id: 'packs', path: '/packs', key: 'p', icon: 'packs', open: () => true, page: lazy(() => import('@/rooms/pack/Packs')) },
    {
        id: 'reports',
        path: '/reports',
        key: 'r',
        icon: 'reports',
        open: right('measure.view'),
        page: lazy(() => import('@/rooms/report/Reports')),
    },
    {
        id: 'audit',
        path: '/audit',
        key: 'a',
        icon: 'audit',
        open: (me) => may(me, 'audit.proof') || may(me, 'audit.view'),
        page: lazy(() => import('@/rooms/guard/Audit')),
    },
    { id: 'users', path: '/users', key: 'u', icon: 'users', open: right('user.list'), page: lazy(() => import('@/rooms/guard/Users')) },
];

export const CasePage = lazy(() => import('@/rooms/case/CasePage'));
export const PackPage = lazy(() => import('@/rooms/pack/PackPage'));
export const IndicatorPage = lazy(() => import('@/rooms/measure/IndicatorPage'));
export const DraftPage = lazy(() => import('@/rooms/report/DraftPage'));
export const EditionPage = lazy(() => import('@/rooms/report/EditionPage'));

export const placesOf = (me: Me) => places.filter((place) => place.open(me));

/* Handlers and units begin with their tasks, everyone else with the first place open to them. */
export const firstOf = (me: Me): string => {
    const open = placesOf(me);
    const begin = me.roles.some((role) => role === 'unit' || role === 'handler') ? open[0] : (open.find((p) => p.id !== 'tasks') ?? open[0]);
    return begin?.path ?? '/help';
};
