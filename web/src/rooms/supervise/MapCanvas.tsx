/* Cases and units on the city's ground: data by setData, the choice by a ring. */
import type { FeatureCollection } from 'geojson';
import type { GeoJSONSource } from 'maplibre-gl';
import { useEffect } from 'react';
import type { CaseBrief, UnitView } from '@/api/types.gen';
import { urgency } from '@/lib/clock';
import { useCalm } from '@/lib/useCalm';
import { NOTHING } from '@/parts/map/mapStyle';
import { collect, pointAt, useCityMap } from '@/parts/map/useCityMap';

interface Props {
    city: FeatureCollection;
    cases: CaseBrief[];
    units: UnitView[];
    now: number;
    chosen: string | null;
    choose: (id: string | null) => void;
    shown: string;
}

const ORDER = { none: 0, fine: 1, soon: 2, late: 3 };
const REACH = 6; /* pixels around a click */
const CALM = 1000; /* the map is drawn anew at most once a second */

export function MapCanvas({ city, now, chosen, choose, shown, ...live }: Props) {
    const cases = useCalm(live.cases, CALM);
    const units = useCalm(live.units, CALM);
    const { box, map } = useCityMap(city, ({ target, point: { x, y } }) => {
        const near = target.queryRenderedFeatures([
            [x - REACH, y - REACH],
            [x + REACH, y + REACH],
        ]);
        choose(near.map((f) => f.properties.case as string | undefined).find(Boolean) ?? null);
    });
    useEffect(() => {
        const features = cases.flatMap((c) => {
            const u = urgency(c, now);
            return pointAt(c, { case: c.id, urgency: u, order: ORDER[u] });
        });
        map?.getSource<GeoJSONSource>('cases')?.setData(collect(features));
    }, [map, cases]);
    useEffect(() => {
        const features = units.flatMap((u) => pointAt(u, { unit: u.id, state: u.state, case: u.case_id ?? '' }));
        map?.getSource<GeoJSONSource>('units')?.setData(collect(features));
    }, [map, units]);
    const ring = cases.find((c) => c.id === chosen);
    useEffect(() => {
        map?.getSource<GeoJSONSource>('chosen')?.setData(ring ? collect(pointAt(ring, {})) : NOTHING);
        if (!map || ring?.lat == null || ring.lon == null) return;
        if (!map.getBounds().contains([ring.lon, ring.lat])) map.easeTo({ center: [ring.lon, ring.lat] });
    }, [map, ring?.id, ring?.lat, ring?.lon]);
    useEffect(() => {
        map?.resize();
    }, [map, shown]);
    return <div className="map-canvas" ref={box} />;
}
