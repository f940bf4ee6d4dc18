import { describe, expect, it } from 'vitest';
import type { CaseBrief, StreamCase, UnitView } from '@/api/types.gen';
import { FEED_LENGTH, gather, LIST_LENGTH, matches, patchFeed, patchList, patchRows, patchUnits, type StreamItem } from './stream';

const brief = (id: string, more: Partial<CaseBrief> = {}): CaseBrief => ({
    id,
    number: `JQ${id}`,
    pack: 'incident',
    state: 'received',
    final: false,
    title: '',
    level: 2,
    org: 'PS1',
    area: 'A1',
    place: '',
    opened_at: Number(id) * 1000,
    moved_at: Number(id) * 1000,
    late: false,
    ...more,
});
const moved = (b: CaseBrief, seq = 1): StreamItem => ({ type: 'case', data: { seq, kind: 'case.moved', now: b.moved_at, brief: b } });
const unit = (id: string, state = 'free'): UnitView => ({ id, name: id, org: '', skills: [], lat: 0, lon: 0, state, since: 0 });
const ids = (rows: CaseBrief[]) => rows.map((c) => c.id);
const cases = (...rows: CaseBrief[]) => new Map(rows.map((c) => [c.id, c]));

describe('a batch', () => {
    it('keeps the last state of each case, the feed newest first, the last tick, and that there was a gap', () => {
        const batch = gather([
            moved(brief('1', { state: 'a' }), 1),
            moved(brief('2'), 2),
            moved(brief('1', { state: 'b' }), 3),
            { type: 'unit', data: { seq: 4, now: 0, unit: unit('u1', 'sent') } },
            { type: 'tick', data: { now: 5, speed: 1, open: 2, late: 1, versions: 2 } },
            { type: 'gap' },
        ]);
        expect(batch.cases.get('1')?.state).toBe('b');
        expect(batch.feed.map((f) => f.seq)).toEqual([3, 2, 1]);
        expect([batch.units.size, batch.tick?.open, batch.gap]).toEqual([1, 2, true]);
    });
    it('of a thousand events costs a feed no longer than one screen needs', () => {
        const batch = gather(Array.from({ length: 1000 }, (_, i) => moved(brief(String(i)), i)));
        expect(batch.feed.length).toBe(FEED_LENGTH);
        expect(patchFeed(batch.feed as StreamCase[], batch).length).toBe(FEED_LENGTH);
    });
});

describe('a list', () => {
    const rows = [brief('3'), brief('2'), brief('1')];
    const table = [
        { name: 'a row that moved is replaced in its place', filter: {}, change: [brief('2', { state: 'x', moved_at: 9e3 })], want: ['3', '2', '1'] },
        { name: 'a new case comes in at its place', filter: {}, change: [brief('4')], want: ['4', '3', '2', '1'] },
        { name: 'a closed case leaves the open ones', filter: { open: true }, change: [brief('3', { final: true, moved_at: 9e3 })], want: ['2', '1'] },
        { name: 'a case of another service stays out', filter: { pack: 'incident' }, change: [brief('5', { pack: 'workorder' })], want: ['3', '2', '1'] },
        { name: 'an older state never replaces a newer one', filter: { open: true }, change: [brief('3', { final: true, moved_at: 1 })], want: ['3', '2', '1'] },
    ];
    for (const { name, filter, change, want } of table)
        it(name, () => {
            expect(ids(patchRows(rows, filter, cases(...change)))).toEqual(want);
        });
    it('is the same object when nothing of it changed', () => {
        const list = { cases: rows, open: 3, late: 0 };
        expect(patchRows(rows, {}, cases())).toBe(rows);
        expect(patchList(list, { late: true }, gather([moved(brief('8'))]))).toBe(list);
    });
    it('takes the counts of the tick', () => {
        const next = patchList({ cases: rows, open: 3, late: 0 }, {}, gather([{ type: 'tick', data: { now: 0, speed: 1, open: 7, late: 2, versions: 2 } }]));
        expect([next.open, next.late, next.cases]).toEqual([7, 2, rows]);
    });
    it('never grows beyond its length, and not at all when told so', () => {
        const many = cases(...Array.from({ length: 900 }, (_, i) => brief(String(i + 10))));
        expect(patchRows(rows, {}, many).length).toBe(LIST_LENGTH);
        expect(patchRows(rows, {}, many, false)).toBe(rows);
    });
    it('is filtered by every field', () => {
        const c = brief('1', { unit: 'u1', late: true });
        expect(matches({ pack: 'incident', state: 'received', org: 'PS1', unit: 'u1', number: 'JQ1', open: true, late: true }, c)).toBe(true);
        for (const no of [{ pack: 'x' }, { state: 'x' }, { org: 'x' }, { unit: 'x' }, { number: 'x' }]) expect(matches(no, c)).toBe(false);
        expect(matches({ late: true }, brief('1'))).toBe(false);
    });
});

describe('units', () => {
    it('move in place and new ones join', () => {
        const next = patchUnits({ units: [unit('a'), unit('b')] }, new Map([['b', unit('b', 'sent')], ['c', unit('c')]]));
        expect(next.units.map((u) => `${u.id}:${u.state}`)).toEqual(['a:free', 'b:sent', 'c:free']);
    });
});
