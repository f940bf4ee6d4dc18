/* MapLibre, kept in step with what React is given: data by setData, theme by a new style, the choice by a ring. */
import type { Feature, FeatureCollection } from 'geojson';
import { type GeoJSONSource, Map as MapLibre, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import type { CaseBrief, UnitView } from '@/api/types.gen';
import { urgency } from '@/lib/clock';
import { useTheme } from '@/lib/theme';
import { addShapes } from './mapShapes';
import { bounds, NOTHING, styleOf } from './mapStyle';

setWorkerUrl(worker);

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
const point = (at: { lat?: number | null; lon?: number | null }, properties: Feature['properties']): Feature[] =>
    at.lat == null || at.lon == null
        ? []
        : [{ type: 'Feature', geometry: { type: 'Point', coordinates: [at.lon, at.lat] }, properties }];
const collect = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

function useMap(city: FeatureCollection, choose: Props['choose']) {
    const box = useRef<HTMLDivElement>(null);
    const [map, setMap] = useState<MapLibre | null>(null);
    const theme = useTheme();
    const drawn = useRef(theme);
    const pick = useRef(choose);
    pick.current = choose;
    useEffect(() => {
        const made = new MapLibre({
            container: box.current!,
            style: styleOf(city),
            bounds: bounds(city.features) ?? undefined,
            fitBoundsOptions: { padding: 30 },
            attributionControl: false,
            dragRotate: false,
            pitchWithRotate: false,
            maxZoom: 17,
        });
        made.touchZoomRotate.disableRotation();
        made.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');
        made.on('load', () => {
            addShapes(made);
            setMap(made);
        });
        made.on('click', (e) => {
            const hit = made.queryRenderedFeatures([
                [e.point.x - 6, e.point.y - 6],
                [e.point.x + 6, e.point.y + 6],
            ]).find((f) => f.layer.id === 'cases' || (f.layer.id === 'units' && f.properties.case));
            pick.current((hit?.properties.case as string | undefined) ?? null);
        });
        return () => made.remove();
    }, [city]);
    useEffect(() => {
        if (!map || drawn.current === theme) return;
        drawn.current = theme;
        setMap(null);
        map.setStyle(styleOf(city), { diff: false });
        map.once('style.load', () => {
            addShapes(map);
            setMap(map);
        });
    }, [map, theme, city]);
    return { box, map };
}

export function MapCanvas({ city, cases, units, now, chosen, choose, shown }: Props) {
    const { box, map } = useMap(city, choose);
    const coarse = Math.floor(now / 5000); /* signs change their shape at most every five seconds of the city */
    useEffect(() => {
        const features = cases.flatMap((c) => {
            const u = urgency(c, now);
            return point(c, { case: c.id, urgency: u, order: ORDER[u] });
        });
        map?.getSource<GeoJSONSource>('cases')?.setData(collect(features));
    }, [map, cases, coarse]);
    useEffect(() => {
        const features = units.flatMap((u) => point(u, { unit: u.id, state: u.state, case: u.case_id ?? '' }));
        map?.getSource<GeoJSONSource>('units')?.setData(collect(features));
    }, [map, units]);
    const ring = cases.find((c) => c.id === chosen);
    useEffect(() => {
        map?.getSource<GeoJSONSource>('chosen')?.setData(ring ? collect(point(ring, {})) : NOTHING);
        if (!map || ring?.lat == null || ring.lon == null) return;
        if (!map.getBounds().contains([ring.lon, ring.lat])) map.easeTo({ center: [ring.lon, ring.lat] });
    }, [map, ring?.id, ring?.lat, ring?.lon]);
    useEffect(() => {
        map?.resize();
    }, [map, shown]);
    return <div className="map-canvas" ref={box} />;
}
