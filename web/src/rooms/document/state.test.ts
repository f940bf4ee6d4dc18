import { expect, it } from 'vitest';
import { landedOn, linkOf, refusalOf, shownOf } from './state';

const page = {
    title_zh: '协议', title_en: 'Agreement', number: 'T1', version: 1, signer_zh: '甲', signer_en: 'A', state: 'asked', document_state: 'signing',
    pages: 1, sha256: '00', at: 0, waits_for_zh: null,
};

it('asks for a signature only of who is asked, of a version that is being signed', () => {
    const shown = (state: string, document_state: string, waits_for_zh: string | null = null) => shownOf({ ...page, state, document_state, waits_for_zh });
    expect(shown('asked', 'signing')).toBe('ask');
    expect(shown('asked', 'signing', 'Mediator')).toBe('wait');
    expect(shown('waiting', 'signing')).toBe('wait');
    expect(shown('waiting', 'made')).toBe('wait');
    expect(shown('signed', 'signing')).toBe('signed');
    expect(shown('signed', 'sealed')).toBe('sealed');
    expect(shown('refused', 'void')).toBe('refused');
    expect(shown('objected', 'void')).toBe('objected');
    expect(shown('void', 'void')).toBe('void');
    expect(shown('asked', 'superseded')).toBe('superseded');
    expect(shown('void', 'superseded')).toBe('superseded');
});

it('loads again when the text was changed, keeps what was drawn when the net is gone', () => {
    for (const [status, refusal] of [[0, 'network'], [408, 'network'], [429, 'network'], [503, 'network'], [404, 'unknown'], [409, 'changed'], [410, 'changed'], [400, 'refused'], [422, 'refused']] as const)
        expect(refusalOf(status), String(status)).toBe(refusal);
});

it('takes link and code from the path and nothing else', () => {
    expect(linkOf('/s/0123abcd')).toBe('0123abcd');
    expect(landedOn('/v/0123')).toBe('0123');
    for (const bad of ['/', '/s/', '/s/a/b', '/v', '/v/', '/r/a']) expect(linkOf(bad) + landedOn(bad)).toBe('');
});
