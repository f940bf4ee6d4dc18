/* MapLibre on the city's own ground, drawn anew when the theme changes. `map` is null until it can take data. */
import type { Feature, FeatureCollection } from 'geojson';
import { Map as MapLibre, type MapMouseEvent, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import { useTheme } from '@/lib/theme';
import { addShapes } from './mapShapes';
import { bounds, styleOf } from './mapStyle';
import './map.css';

setWorkerUrl(worker);

export const collect = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

/* A feature where something is; none when its place is unknown. */
export const pointAt = (at: { lat?: number | null; lon?: number | null }, properties: Feature['properties']): Feature[] =>
    at.lat == null || at.lon == null ? [] : [{ type: 'Feature', geometry: { type: 'Point', coordinates: [at.lon, at.lat] }, properties }];

const ground = (city: FeatureCollection) => {
    const districts = city.features.filter((f) => f.properties?.kind === 'district');
    return districts.length > 0 ? districts : city.features;
};

function make(box: HTMLElement, city: FeatureCollection): MapLibre {
    const map = new MapLibre({
        container: box,
        style: styleOf(city),
        bounds: bounds(ground(city)) ?? undefined,
        fitBoundsOptions: { padding: 24 },
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        maxZoom: 17,
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');
    return map;
}

export function useCityMap(city: FeatureCollection, clicked: (e: MapMouseEvent) => void) {
    const box = useRef<HTMLDivElement>(null);
    const [map, setMap] = useState<MapLibre | null>(null);
    const theme = useTheme();
    const drawn = useRef(theme);
    const told = useRef(clicked);
    told.current = clicked;
    useEffect(() => {
        const made = make(box.current!, city);
        made.on('load', () => {
            addShapes(made);
            setMap(made);
        });
        made.on('click', (e) => told.current(e));
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
