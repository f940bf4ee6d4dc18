import { expect, it } from 'vitest';
import { dayOf } from '@/lib/public';
import { documentsOf, linkOf, shownOf } from './page';

const page = { number: 'GD1', title: '', place: '', opened_at: 0, state: '', can_rate: true, level: null, lapsed: false, documents: [] };

it('asks, thanks, says it is over or that it is early', () => {
    expect(shownOf(page)).toBe('ask');
    expect(shownOf({ ...page, can_rate: false })).toBe('early');
    expect(shownOf({ ...page, can_rate: false, lapsed: true })).toBe('lapsed');
    expect(shownOf({ ...page, can_rate: false, level: 2 })).toBe('answered');
});

it('takes the link from the path and nothing else', () => {
    expect(linkOf('/r/0123abcd')).toBe('0123abcd');
    for (const bad of ['/', '/r/', '/r/a/b', '/x/a']) expect(linkOf(bad)).toBe('');
});

it('says the day as people write it, in the city', () => {
    expect(dayOf(Date.UTC(2026, 10, 22, 17), 'zh')).toBe('2026年11月23日');
    expect(dayOf(Date.UTC(2026, 10, 22, 17), 'en')).toBe('2026-11-23');
});

it('puts what is to be signed before what was, and calls what it does not know void', () => {
    const of = (state: string) => ({ title_zh: state, title_en: state, state });
    const shown = documentsOf({ ...page, documents: [of('signed'), of('asked'), of('waiting'), of('superseded')] });
    expect(shown.map((d) => d.shown)).toEqual(['sign', 'signed', 'wait', 'void']);
});
