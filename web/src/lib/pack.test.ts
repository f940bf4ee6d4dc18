import { describe, expect, it } from 'vitest';
import { diagram } from './diagram';
import { Packs, readPack } from './pack';
import { stepOf, wayOf } from './timeline';

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
    it('is drawn with one edge a pair of states, a sign for any state, and loops beside', () => {
        const drawn = diagram(pack, '任一', () => null);
        expect(drawn.edges.map((e) => `${e.from}>${e.to}:${e.events.length}`).sort()).toEqual(['*>void:1', 'received>sent:1', 'sent>closed:2']);
        expect(drawn.stays).toEqual([{ state: 'sent', events: ['again'] }]);
        expect(drawn.nodes.map((n) => n.id)).toContain('*');
    });
});

describe('a timeline', () => {
    const event = (seq: number, kind: string, body: Record<string, string | number>) => stepOf({ seq, at: seq, kind, operation: '-', actor: 'a', body });
    it('gives the way through the procedure; looks at the case are no steps of it', () => {
        const way = wayOf([
            event(1, 'case.opened', { event: 'opened', from_state: 'received', to_state: 'received' }),
            event(2, 'read', { role: 'leader' }),
            event(3, 'case.moved', { event: 'triage', from_state: 'received', to_state: 'sent', by_role: 'dispatcher' }),
            event(4, 'case.rung', { clock: 'arrive', percent: 80 }),
        ]);
        expect([...way.pairs]).toEqual(['received>sent']);
        expect([...way.states.keys()]).toEqual(['received', 'sent']);
    });
    it('reads a reminder', () => {
        const step = event(4, 'case.rung', { clock: 'arrive', percent: 80 });
        expect([step.moved, step.clock, step.percent]).toEqual([true, 'arrive', 80]);
    });
});
