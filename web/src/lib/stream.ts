/* What the live stream does to the lists on screen. Pure: a batch of events and a list go in, the new list comes out (the
 * same object when nothing of it changed, so that nothing is drawn again). Hundreds of events become one batch. */
import type { CaseBrief, CaseList, StreamCase, StreamNotice, StreamTick, StreamUnit, UnitList, UnitView } from '@/api/types.gen';

export type StreamItem =
    | { type: 'case'; data: StreamCase }
    | { type: 'unit'; data: StreamUnit }
    | { type: 'notice'; data: StreamNotice }
    | { type: 'tick'; data: StreamTick }
    | { type: 'gap' };

export interface Batch {
    cases: Map<string, CaseBrief>; /* newest state of each case that moved */
    units: Map<string, UnitView>;
    notices: Set<string>; /* cases of whose notices or documents something became */
    feed: StreamCase[]; /* newest first */
    tick: StreamTick | null;
    gap: boolean;
}

export const FEED_LENGTH = 120;
export const LIST_LENGTH = 400;

export function gather(items: readonly StreamItem[]): Batch {
    const batch: Batch = { cases: new Map(), units: new Map(), notices: new Set(), feed: [], tick: null, gap: false };
    for (const item of items) {
        if (item.type === 'case') {
            batch.cases.set(item.data.brief.id, item.data.brief);
            batch.feed.unshift(item.data);
        } else if (item.type === 'unit') batch.units.set(item.data.unit.id, item.data.unit);
        else if (item.type === 'notice') batch.notices.add(item.data.case_id);
        else if (item.type === 'tick') batch.tick = item.data;
        else batch.gap = true;
    }
    batch.feed.length = Math.min(batch.feed.length, FEED_LENGTH);
    return batch;
}

export interface CaseFilter {
    pack?: string;
    state?: string;
    org?: string;
    unit?: string;
    number?: string;
    open?: boolean;
    late?: boolean;
}

export function matches(filter: CaseFilter, c: CaseBrief): boolean {
    return (
        (!filter.pack || c.pack === filter.pack) &&
        (!filter.state || c.state === filter.state) &&
        (!filter.org || c.org === filter.org) &&
        (!filter.unit || c.unit === filter.unit) &&
        (!filter.number || c.number === filter.number) &&
        (!filter.open || !c.final) &&
        (!filter.late || c.late)
    );
}

/* Rows that moved are replaced, those that no longer fit leave, new ones come in at their place (newest first). An older
 * state of a case never replaces a newer one. */
export function patchRows(rows: CaseBrief[], filter: CaseFilter, cases: Map<string, CaseBrief>, mayGrow = true): CaseBrief[] {
    const seen = new Set<string>();
    let changed = false;
    const kept: CaseBrief[] = [];
    for (const row of rows) {
        seen.add(row.id);
        const next = cases.get(row.id);
        if (!next || next.moved_at < row.moved_at) kept.push(row);
        else {
            changed = true;
            if (matches(filter, next)) kept.push(next);
        }
    }
    const fresh = mayGrow ? [...cases.values()].filter((c) => !seen.has(c.id) && matches(filter, c)) : [];
    if (fresh.length > 0) {
        changed = true;
        kept.push(...fresh);
        kept.sort((a, b) => b.opened_at - a.opened_at);
        kept.length = Math.min(kept.length, LIST_LENGTH);
    }
    return changed ? kept : rows;
}

export function patchList(list: CaseList, filter: CaseFilter, batch: Batch): CaseList {
    const cases = patchRows(list.cases, filter, batch.cases);
    const { open, late } = batch.tick ?? list;
    if (cases === list.cases && open === list.open && late === list.late) return list;
    return { cases, open, late };
}

export function patchUnits(list: UnitList, units: Map<string, UnitView>): UnitList {
    if (units.size === 0) return list;
    const known = new Set(list.units.map((u) => u.id));
    const next = list.units.map((u) => units.get(u.id) ?? u);
    for (const unit of units.values()) if (!known.has(unit.id)) next.push(unit);
    return { units: next };
}

export const patchFeed = (feed: StreamCase[], batch: Batch): StreamCase[] =>
    batch.feed.length === 0 ? feed : [...batch.feed, ...feed].slice(0, FEED_LENGTH);
