import type { FeatureCollection } from 'geojson';
import { describe, expect, it } from 'vitest';
import { withQuery } from './api';
import { districtOf, nearestStreet, pointOfPlace, streetNames } from './city';
import { csvOf } from './csv';
import { pick } from './keys';
import { stepOf } from './timeline';

describe('a query', () => {
    it('leaves out what is not given', () => {
        expect(withQuery('/a', { x: undefined, y: null, z: '', n: 0, b: false, t: '路 1' })).toBe('/a?n=0&b=false&t=%E8%B7%AF+1');
        expect(withQuery('/a', {})).toBe('/a');
    });
});

describe('a table for spreadsheets', () => {
    it('quotes what must be, keeps numbers, and lets no text become a formula', () => {
        expect(csvOf([['a,b', 'say "x"', 1.5, null], ['=1+1', '@x', '-3', -3]])).toBe('\ufeff"a,b","say ""x""",1.5,\r\n\'=1+1,\'@x,\'-3,-3\r\n');
    });
});

describe('keys', () => {
    it('complete a pair before they mean themselves', () => {
        const found: string[] = [];
        const keys = { j: () => found.push('j'), 'g s': () => found.push('g s') };
        pick(keys, 'g', 's')?.();
        pick(keys, 'g', 'j')?.();
        expect(pick(keys, null, 's')).toBe(undefined);
        expect(found).toEqual(['g s', 'j']);
    });
});

describe('the ground of the city', () => {
    const line = (name: string, coordinates: number[][]) => ({ type: 'Feature' as const, properties: { kind: 'street', name }, geometry: { type: 'LineString' as const, coordinates } });
    const city: FeatureCollection = {
        type: 'FeatureCollection',
        features: [
            { type: 'Feature', properties: { kind: 'district', id: 'A1', name: '中心' }, geometry: { type: 'Polygon', coordinates: [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]] } },
            line('梧桐路', [[0, 1], [2, 1]]),
            line('人民路', [[1, 0], [1, 2]]),
            { type: 'Feature', properties: { kind: 'river', name: '河' }, geometry: { type: 'LineString', coordinates: [[0, 0], [2, 2]] } },
        ],
    };
    it('finds the street an address names, the nearest street, and the district', () => {
        expect(streetNames(city)).toEqual(['梧桐路', '人民路']);
        expect(pointOfPlace(city, '梧桐路128号')).toEqual({ lon: 1, lat: 1 });
        expect(pointOfPlace(city, '无名路')).toBe(null);
        expect(nearestStreet(city, { lon: 1.1, lat: 1.9 })).toBe('人民路');
        expect(districtOf(city, { lon: 1, lat: 1.5 })).toBe('A1');
        expect(districtOf(city, { lon: 3, lat: 1 })).toBe(null);
    });
});

describe('a step of a timeline', () => {
    const event = { seq: 2, at: 1000, kind: 'case.moved', operation: 'alteration', actor: 'unit1' };
    it('says when its device did it, where the device said so', () => {
        expect(stepOf({ ...event, body: { event: 'arrive', happened_at: 900 } })).toMatchObject({ at: 1000, happened: 900 });
        expect(stepOf({ ...event, body: { event: 'arrive' } }).happened).toBe(null);
    });
});
