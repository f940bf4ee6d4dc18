/* The city's ground (districts, river, streets), and what it knows of places: which street is near a point, where a street
 * lies, which district a point is in. For suggestions to an operator; the case keeps what the operator said. */
import { useQuery } from '@tanstack/react-query';
import type { Feature, FeatureCollection, LineString, Polygon, Position } from 'geojson';
import { get } from './api';
import { keysOf } from './keysOf';

export const useCity = (enabled = true) =>
    useQuery({ queryKey: keysOf.map, queryFn: () => get<FeatureCollection>('/api/map'), staleTime: Infinity, enabled });

export interface LonLat {
    lon: number;
    lat: number;
}

const kindOf = (f: Feature) => String(f.properties?.kind ?? '');
const nameOf = (f: Feature) => String(f.properties?.name ?? '');

const streets = (city: FeatureCollection) =>
    city.features.filter((f): f is Feature<LineString> => ['street', 'avenue'].includes(kindOf(f)) && f.geometry.type === 'LineString');

export const streetNames = (city: FeatureCollection) => [...new Set(streets(city).map(nameOf))];

function distance([px, py]: [number, number], [ax, ay]: Position, [bx, by]: Position): number {
    const [dx, dy] = [bx! - ax!, by! - ay!];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax!) * dx + (py - ay!) * dy) / length));
    return Math.hypot(px - ax! - t * dx, py - ay! - t * dy);
}

/* Name of the street nearest to a point. */
export function nearestStreet(city: FeatureCollection, at: LonLat): string | null {
    let best = { name: null as string | null, d: Infinity };
    for (const f of streets(city))
        f.geometry.coordinates.slice(1).forEach((b, i) => {
            const d = distance([at.lon, at.lat], f.geometry.coordinates[i]!, b);
            if (d < best.d) best = { name: nameOf(f), d };
        });
    return best.name;
}

/* The middle of the street an address begins with. */
export function pointOfPlace(city: FeatureCollection, place: string): LonLat | null {
    const found = streets(city).filter((f) => nameOf(f) !== '' && place.includes(nameOf(f)));
    const line = found[Math.floor(found.length / 2)]?.geometry.coordinates;
    if (!line) return null;
    const i = Math.floor((line.length - 1) / 2);
    const [a, b] = [line[i]!, line[i + 1] ?? line[i]!];
    return { lon: (a[0]! + b[0]!) / 2, lat: (a[1]! + b[1]!) / 2 };
}

function within(ring: Position[], { lon, lat }: LonLat): boolean {
    let inside = false;
    ring.forEach(([x, y], i) => {
        const [px, py] = ring[(i + ring.length - 1) % ring.length]!;
        if (y! > lat !== py! > lat && lon < ((px! - x!) * (lat - y!)) / (py! - y!) + x!) inside = !inside;
    });
    return inside;
}

/* Id of the district a point lies in. */
export const districtOf = (city: FeatureCollection, at: LonLat): string | null => {
    const found = city.features.find(
        (f): f is Feature<Polygon> => kindOf(f) === 'district' && f.geometry.type === 'Polygon' && within(f.geometry.coordinates[0]!, at),
    );
    return found ? String(found.properties?.id ?? '') : null;
};
