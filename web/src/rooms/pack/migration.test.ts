import { describe, expect, it } from 'vitest';
import { mapOf, readWhy, type Survey, wanted } from './migration';

const found = (...whys: string[]): Survey => ({
    cases: whys.length,
    carried: 0,
    kept_count: whys.length,
    deadline_count: 0,
    kept: whys.map((why, i) => ({ number: `GD-${i}`, version: 'a', state: 'handling', why })),
    deadlines: [],
});

describe('a map of names', () => {
    it('is made of rows, kind by kind; what is not named is left out', () => {
        const rows = [
            { kind: 'states' as const, old: 'handling', becomes: 'working' },
            { kind: 'states' as const, old: 'sent', becomes: 'offered' },
            { kind: 'clocks' as const, old: 'visit', becomes: null },
            { kind: 'tasks' as const, old: '', becomes: 'x' },
        ];
        expect(mapOf(rows, ['handle'], '3f2a')).toEqual({ states: { handling: 'working', sent: 'offered' }, clocks: { visit: null }, start: ['handle'], from: '3f2a' });
        expect(mapOf([], [], '')).toEqual({});
    });
});

describe('why a case stays', () => {
    it('is read from the sentence of the server', () => {
        expect(readWhy('state handling has no counterpart in the new version; map it under states:')).toMatchObject({ key: 'state', what: 'handling', kind: 'states' });
        expect(readWhy('clock visit is counted in another way than call')).toMatchObject({ key: 'counted', what: 'visit', other: 'call' });
        expect(readWhy('no clock would run; name one under start:')).toMatchObject({ key: 'clockless' });
        expect(readWhy('something else')).toBeNull();
    });
    it('asks once for each name that is missing, and not for those that have a row', () => {
        const twice = found('state a has no counterpart in the new version', 'state a has no counterpart in the new version', 'field b has no open counterpart; map it');
        expect(wanted(twice, [])).toEqual([
            { kind: 'states', old: 'a', becomes: '' },
            { kind: 'fields', old: 'b', becomes: null },
        ]);
        expect(wanted(twice, [{ kind: 'states', old: 'a', becomes: 'c' }])).toHaveLength(1);
    });
});
