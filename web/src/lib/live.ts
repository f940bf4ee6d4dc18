/* The one EventSource of the console. Events wait in a basket that is emptied four times a second into the query cache, so
 * that a busy city costs one drawing per basket. The browser resumes by itself with Last-Event-ID; when the server says
 * "gap", everything shown is asked for again. */
import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CaseBrief, CaseList, StreamCase, StreamTick, UnitList } from '@/api/types.gen';
import { keysOf } from './keysOf';
import { type Batch, type CaseFilter, gather, patchFeed, patchList, patchRows, patchUnits, type StreamItem } from './stream';

const EMPTY_EVERY = 250;
const SETTLE = 700;

export type Line = 'connecting' | 'open' | 'lost';
export interface CityTick extends StreamTick {
    heard: number; /* performance.now() of its arrival */
}

const filterOf = (key: readonly unknown[]) => key[1] as CaseFilter;

function patchPages(pages: InfiniteData<CaseList>, filter: CaseFilter, cases: Map<string, CaseBrief>): InfiniteData<CaseList> {
    const later = pages.pages.slice(1).flatMap((page) => page.cases.map((c) => c.id));
    const first = new Map([...cases].filter(([id]) => !later.includes(id)));
    const next = pages.pages.map((page, i) => {
        const rows = i === 0 ? patchRows(page.cases, filter, first) : patchRows(page.cases, filter, cases, false);
        return rows === page.cases ? page : { ...page, cases: rows };
    });
    return next.some((page, i) => page !== pages.pages[i]) ? { ...pages, pages: next } : pages;
}

export function pour(client: QueryClient, batch: Batch) {
    const cache = client.getQueryCache();
    for (const query of cache.findAll({ queryKey: ['cases'] }))
        client.setQueryData<CaseList>(query.queryKey, (list) => list && patchList(list, filterOf(query.queryKey), batch));
    for (const query of cache.findAll({ queryKey: ['case-pages'] }))
        client.setQueryData<InfiniteData<CaseList>>(
            query.queryKey,
            (pages) => pages && patchPages(pages, filterOf(query.queryKey), batch.cases),
        );
    client.setQueryData<UnitList>(keysOf.units, (list) => list && patchUnits(list, batch.units));
    if (batch.feed.length > 0) client.setQueryData<StreamCase[]>(keysOf.feed, (feed) => patchFeed(feed ?? [], batch));
    if (batch.tick) {
        const before = client.getQueryData<CityTick>(keysOf.tick);
        client.setQueryData<CityTick>(keysOf.tick, { ...batch.tick, heard: performance.now() });
        if (before && before.versions !== batch.tick.versions) void client.invalidateQueries({ queryKey: keysOf.packs });
    }
}

/* What cannot be patched is asked for again, once things have settled: the open case page, tasks, figures. */
function refresher(client: QueryClient) {
    const touched = new Set<string>();
    const noticed = new Set<string>();
    let timer = 0;
    const run = () => {
        timer = 0;
        for (const id of touched) {
            void client.invalidateQueries({ queryKey: ['case', id] });
            void client.invalidateQueries({ queryKey: ['timeline', id] });
            void client.invalidateQueries({ queryKey: keysOf.notices(id) });
            void client.invalidateQueries({ queryKey: keysOf.relations(id) });
            void client.invalidateQueries({ queryKey: keysOf.documents(id) });
        }
        for (const id of noticed) {
            void client.invalidateQueries({ queryKey: ['timeline', id] });
            void client.invalidateQueries({ queryKey: keysOf.notices(id) });
            void client.invalidateQueries({ queryKey: keysOf.documents(id) });
        }
        const moved = touched.size > 0;
        touched.clear();
        noticed.clear();
        void client.invalidateQueries({ queryKey: keysOf.inbox });
        for (const queryKey of moved ? [keysOf.tasks, keysOf.indicators] : []) void client.invalidateQueries({ queryKey });
    };
    return (batch: Batch) => {
        if (batch.cases.size === 0 && batch.notices.size === 0) return;
        for (const id of batch.cases.keys()) touched.add(id);
        for (const id of batch.notices) noticed.add(id);
        timer ||= window.setTimeout(run, SETTLE);
    };
}

function listen(client: QueryClient): () => void {
    const source = new EventSource('/api/stream');
    const refresh = refresher(client);
    let basket: StreamItem[] = [];
    let timer = 0;
    const setLine = (line: Line) => client.setQueryData<Line>(keysOf.line, line);
    const empty = () => {
        timer = 0;
        const batch = gather(basket);
        basket = [];
        if (batch.gap) void client.invalidateQueries();
        pour(client, batch);
        refresh(batch);
    };
    const put = (item: StreamItem) => {
        basket.push(item);
        timer ||= window.setTimeout(empty, EMPTY_EVERY);
    };
    for (const type of ['case', 'unit', 'notice', 'tick'] as const)
        source.addEventListener(type, (e) => put({ type, data: JSON.parse((e as MessageEvent<string>).data) } as StreamItem));
    source.addEventListener('gap', () => put({ type: 'gap' }));
    source.onopen = () => setLine('open');
    source.onerror = () => {
        const gaveUp = source.readyState === EventSource.CLOSED;
        setLine(gaveUp ? 'lost' : 'connecting');
        if (gaveUp) void client.invalidateQueries({ queryKey: keysOf.me });
    };
    return () => {
        source.close();
        window.clearTimeout(timer);
    };
}

/* Opens the stream while `on`; when the browser has given up on it, opens a new one and asks for everything again. */
export function useLive(on: boolean) {
    const client = useQueryClient();
    useEffect(() => {
        if (!on) return;
        let stop = listen(client);
        const watch = window.setInterval(() => {
            if (client.getQueryData<Line>(keysOf.line) !== 'lost') return;
            stop();
            stop = listen(client);
            void client.invalidateQueries();
        }, 5_000);
        return () => {
            window.clearInterval(watch);
            stop();
        };
    }, [client, on]);
}
