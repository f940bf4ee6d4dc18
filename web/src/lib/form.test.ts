import { describe, expect, it } from 'vitest';
import { missing, mustFill, saidOnly, sectionsOf, shows } from './form';

const form = {
    properties: { result: {}, injured: { 'x-show-if': { result: 'rescued' } }, text: {} },
    required: ['result'],
    if: { properties: { result: { const: 'filed' } }, required: ['result'] },
    then: { required: ['text'] },
    'x-layout': { sections: [{ fields: ['result', 'injured'], columns: 2 }] },
};

describe('a form of a pack', () => {
    it('lays out what it names, then the rest, then what is needed besides', () => {
        expect(sectionsOf(form, ['result', 'ground']).map((s) => s.fields)).toEqual([['result', 'injured'], ['text', 'ground']]);
        expect(sectionsOf(undefined, ['ground'])).toEqual([{ title: '', fields: ['ground'], columns: 1 }]);
    });
    it('shows a field when another has its value', () => {
        expect(shows(form, 'injured', { result: 'rescued' })).toBe(true);
        expect(shows(form, 'injured', {})).toBe(false);
    });
    it('asks for more when its condition holds', () => {
        expect(mustFill(form, [], 'text', { result: 'filed' })).toBe(true);
        expect(mustFill(form, [], 'text', { result: 'rescued' })).toBe(false);
        expect(mustFill(form, [], 'text', {})).toBe(false);
        expect(mustFill(form, ['text'], 'text', {})).toBe(true);
    });
    it('says what is still missing', () => {
        expect(missing(form, [], {})).toEqual(['result']);
        expect(missing(form, [], { result: 'rescued' })).toEqual([]);
        expect(missing(form, [], { result: 'filed', text: '' })).toEqual(['text']);
        expect(missing(undefined, ['ground'], {})).toEqual(['ground']);
        expect(missing({ properties: { text: {} } }, [], {})).toEqual([]);
    });
    it('sends nothing of what was left empty', () => {
        expect(saidOnly({ a: 0, b: null, c: undefined, d: '', e: false })).toEqual({ a: 0, e: false });
    });
});
