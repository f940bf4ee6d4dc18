import { describe, expect, it } from 'vitest';
import { Packs, readPack } from './pack';
import { openingOf, stepOf } from './timeline';
import { wayForward } from './wayForward';

const pack = readPack({
    id: 'incident',
    version: 'ab',
    title_zh: '警情',
    title_en: 'Incident',
    states: [
        { id: 'received', title_zh: '已接警', title_en: 'Received', final: false },
        { id: 'sent', title_zh: '已派警', title_en: 'Sent', final: false },
        { id: 'closed', title_zh: '已办结', title_en: 'Closed', final: true },
        { id: 'void', title_zh: '已撤销', title_en: 'Void', final: true },
    ],
    events: [{ id: 'triage', title_zh: '派警', title_en: 'Triage' }],
    transitions: [
        { from: 'received', to: 'sent', event: 'triage', guard: null, roles: ['dispatcher'], needs: ['category'] },
        { from: 'sent', to: 'closed', event: 'close', guard: null, roles: [], needs: [] },
        { from: 'sent', to: 'closed', event: 'lapse', guard: null, roles: [], needs: [] },
        { from: 'sent', to: 'sent', event: 'again', guard: null, roles: [], needs: [] },
        { from: null, to: 'void', event: 'cancel', guard: null, roles: [], needs: [] },
    ],
    fields: [{ id: 'category', title_zh: '类别', title_en: 'Category', type: 'text', class: 'open', list: 'kinds', max_length: 40 }],
    lists: { kinds: [{ code: 'theft', title_zh: '盗窃', title_en: 'Theft' }] },
    mappings: [{ id: 'json', title_zh: '录入', title_en: 'Form', fields: ['place', 'category'] }],
    purposes: [{ id: 'handle', title_zh: '处置', title_en: 'Handle', roles: ['dispatcher'] }],
});

describe('a pack', () => {
    it('has words for what it names, and the id for what it does not', () => {
        const packs = new Packs([pack]);
        expect(packs.state('incident', 'sent')).toBe('已派警');
        expect(packs.event('incident', 'lapse')).toBe('lapse');
        expect(packs.value('incident', 'category', 'theft')).toBe('盗窃');
        expect(packs.value('incident', 'category', null)).toBe('—');
        expect(packs.state('unknown', 'x')).toBe('x');
    });
});

describe('the way forward', () => {
    const offer = (to: string) => ({ event: `to ${to}`, to, needs: [] });
    const table = [
        { name: 'is onward, not back', state: 'sent', offers: ['received', 'closed'], want: 'closed' },
        { name: 'is not a cancellation', state: 'received', offers: ['void', 'sent'], want: 'sent' },
        { name: 'is nothing when there is only a cancellation', state: 'received', offers: ['void'], want: undefined },
        { name: 'is nothing when one may only stay or go back', state: 'sent', offers: ['sent', 'received'], want: undefined },
    ];
    for (const { name, state, offers, want } of table)
        it(name, () => {
            expect(wayForward(pack.states, state, offers.map(offer))?.to).toBe(want);
        });
});

describe('a timeline', () => {
    const event = (seq: number, kind: string, body: Record<string, string | number>) => stepOf({ seq, at: seq, kind, operation: '-', actor: 'a', body });
    it('reads what is active after a move: where it rests, or the innermost states of a procedure with boxes', () => {
        const states = (body: Record<string, string>) => event(1, 'case.moved', body).states;
        expect(states({ to_state: 'sent' })).toEqual(['sent']);
        expect(states({ to_state: 'both', states: 'a b; h = c d; g = e' })).toEqual(['a', 'b']);
        expect(states({})).toEqual([]);
    });
    it('says what the case is before anything personal is asked for', () => {
        const raw = (kind: string, body: Record<string, string>) => ({ seq: 1, at: 1, kind, operation: '-', actor: 'a', body });
        const events = [
            raw('case.opened', { pack: 'incident', version: 'ab', number: 'JQ1', title: 'x', place: 'y', to_state: 'received' }),
            raw('case.migrated', { to_state: 'received', version: 'cd' }),
            raw('case.moved', { to_state: 'void' }),
            raw('read', { to_state: 'no' }),
        ];
        const isFinal = (_: string, state: string) => state === 'void';
        expect(openingOf(events, isFinal)).toEqual({ pack: 'incident', version: 'cd', number: 'JQ1', title: 'x', place: 'y', state: 'void', final: true });
        expect(openingOf([], isFinal)).toEqual({ pack: '', version: '', number: '', title: '', place: '', state: '', final: false });
    });
    it('reads a reminder', () => {
        const step = event(4, 'case.rung', { clock: 'arrive', percent: 80 });
        expect([step.moved, step.clock, step.percent]).toEqual([true, 'arrive', 80]);
    });
});
