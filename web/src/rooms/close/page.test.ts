import { expect, it } from 'vitest';
import { dayOf, linkOf, shownOf } from './page';

const page = { number: 'GD1', title: '', place: '', opened_at: 0, state: '', can_rate: true, level: null, lapsed: false };

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
