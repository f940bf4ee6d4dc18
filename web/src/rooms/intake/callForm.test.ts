import { expect, it } from 'vitest';
import { readPack } from '@/lib/pack';
import { formOf, signalOf } from './callForm';

const field = (id: string, more = {}) => ({ id, title_zh: id, title_en: id, type: 'text', class: 'open', ...more });
const pack = readPack({
    id: 'incident',
    fields: [field('category', { list: 'kinds' }), field('caller_name', { class: 'private' })],
    lists: { kinds: [] },
    mappings: [
        { id: 'table', fields: ['place'] },
        { id: 'json', fields: ['ref', 'category', 'place', 'lat', 'lon', 'caller_name'] },
    ],
});

it('takes type and place from the mapping made for people, and the rest as it comes', () => {
    const form = formOf(pack)!;
    expect([form.mapping.id, form.type?.id, form.more.map((f) => f.id), form.takesPoint]).toEqual(['json', 'category', ['caller_name'], true]);
});

it('makes a signal of what was said and leaves out what was not', () => {
    const form = formOf(pack)!;
    expect(signalOf(form, { place: ' 梧桐路1号 ', category: 'theft', caller_name: '' }, undefined)).toEqual({ place: '梧桐路1号', category: 'theft' });
    expect(signalOf(form, { place: 'x', category: 'theft', point: { lat: 1, lon: 2 } }, undefined)).toMatchObject({ lat: 1, lon: 2 });
});

it('offers no form where no mapping takes a place', () => {
    expect(formOf(readPack({ id: 'x', mappings: [{ id: 'json', fields: ['category'] }] }))).toBe(null);
});
