/* The ground of the map, from the city's own GeoJSON (districts and streets); no tiles, no glyph server: labels are drawn
 * from the fonts of this machine. */
import type { Feature, FeatureCollection } from 'geojson';
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';
import { token } from '@/lib/theme';

export const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };

export function bounds(features: Feature[]): [number, number, number, number] | null {
    let [w, s, e, n] = [180, 90, -180, -90];
    const walk = (c: unknown): void => {
        if (!Array.isArray(c)) return;
        if (typeof c[0] === 'number' && typeof c[1] === 'number') {
            [w, s, e, n] = [Math.min(w, c[0]), Math.min(s, c[1]), Math.max(e, c[0]), Math.max(n, c[1])];
        } else c.forEach(walk);
    };
    for (const f of features) if (f.geometry && 'coordinates' in f.geometry) walk(f.geometry.coordinates);
    return w > e ? null : [w, s, e, n];
}

/* Lines keep their share of the ground: twice as wide at each step of zoom, never thinner than a hair. */
const width = (base: ExpressionSpecification): ExpressionSpecification => [
    'interpolate',
    ['exponential', 1.7],
    ['zoom'],
    10,
    ['*', 0.5, base],
    13,
    ['*', 1.3, base],
    16,
    ['*', 6, base],
];

export function styleOf(city: FeatureCollection): StyleSpecification {
    const label = { 'text-color': token('map-label'), 'text-halo-color': token('map-district'), 'text-halo-width': 1.4 };
    return {
        version: 8,
        sources: {
            city: { type: 'geojson', data: city },
            cases: { type: 'geojson', data: NOTHING },
            units: { type: 'geojson', data: NOTHING },
            chosen: { type: 'geojson', data: NOTHING },
        },
        layers: [
            { id: 'land', type: 'background', paint: { 'background-color': token('map-land') } },
            {
                id: 'district',
                type: 'fill',
                source: 'city',
                filter: ['==', ['get', 'kind'], 'district'],
                paint: { 'fill-color': token('map-district') },
            },
            {
                id: 'border',
                type: 'line',
                source: 'city',
                filter: ['==', ['get', 'kind'], 'district'],
                paint: { 'line-color': token('line-strong'), 'line-width': 1.2, 'line-dasharray': [3, 2] },
            },
            {
                id: 'river',
                type: 'line',
                source: 'city',
                filter: ['==', ['get', 'kind'], 'river'],
                layout: { 'line-cap': 'round', 'line-join': 'round' },
                paint: { 'line-color': token('map-water'), 'line-width': width(['+', 5, 0]) },
            },
            {
                id: 'street',
                type: 'line',
                source: 'city',
                filter: ['in', ['get', 'kind'], ['literal', ['street', 'avenue']]],
                layout: { 'line-cap': 'round', 'line-join': 'round' },
                paint: {
                    'line-color': ['match', ['get', 'kind'], 'avenue', token('map-street-strong'), token('map-street')],
                    'line-width': width(['match', ['get', 'kind'], 'avenue', 2.2, 1]),
                },
            },
            {
                id: 'street-name',
                type: 'symbol',
                source: 'city',
                minzoom: 12.5,
                filter: ['==', ['geometry-type'], 'LineString'],
                layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-size': 11, 'symbol-spacing': 320 },
                paint: label,
            },
            {
                id: 'district-name',
                type: 'symbol',
                source: 'city',
                filter: ['==', ['get', 'kind'], 'district'],
                layout: { 'text-field': ['get', 'name'], 'text-size': 14, 'text-letter-spacing': 0.25, 'text-allow-overlap': true },
                paint: { ...label, 'text-opacity': 0.8 },
            },
            {
                id: 'units',
                type: 'symbol',
                source: 'units',
                layout: {
                    'icon-image': ['get', 'state'],
                    'icon-allow-overlap': true,
                    'icon-ignore-placement': true,
                    /* beside the case it works on, not under it */
                    'icon-offset': ['match', ['get', 'state'], 'on_scene', ['literal', [11, 9]], ['literal', [0, 0]]],
                },
            },
            {
                id: 'cases',
                type: 'symbol',
                source: 'cases',
                layout: {
                    'icon-image': ['get', 'urgency'],
                    'icon-allow-overlap': true,
                    'icon-ignore-placement': true,
                    'symbol-sort-key': ['get', 'order'],
                },
            },
            {
                id: 'chosen',
                type: 'circle',
                source: 'chosen',
                paint: {
                    'circle-radius': 15,
                    'circle-color': token('accent'),
                    'circle-opacity': 0.14,
                    'circle-stroke-color': token('accent'),
                    'circle-stroke-width': 2,
                },
            },
        ],
    };
}
