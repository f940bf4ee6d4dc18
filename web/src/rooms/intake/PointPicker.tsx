/* Where on the map. A click sets the point; the line underneath says which street is near. */
import type { FeatureCollection } from 'geojson';
import type { GeoJSONSource } from 'maplibre-gl';
import { useEffect } from 'react';
import { type LonLat, nearestStreet } from '@/lib/city';
import { NOTHING } from '@/parts/map/mapStyle';
import { collect, pointAt, useCityMap } from '@/parts/map/useCityMap';

interface Props {
    city: FeatureCollection;
    value?: LonLat;
    onChange?: (value: LonLat) => void;
}

export function PointPicker({ city, value, onChange }: Props) {
    const { box, map } = useCityMap(city, ({ lngLat }) => onChange?.({ lon: lngLat.lng, lat: lngLat.lat }));
    useEffect(() => {
        map?.getSource<GeoJSONSource>('chosen')?.setData(value ? collect(pointAt(value, {})) : NOTHING);
        if (map && value && !map.getBounds().contains([value.lon, value.lat])) map.easeTo({ center: [value.lon, value.lat] });
    }, [map, value]);
    return (
        <div className="point-picker">
            <div className="map-canvas" ref={box} />
            {value && (
                <p className="point-words">
                    {nearestStreet(city, value)} · {value.lat.toFixed(5)}, {value.lon.toFixed(5)}
                </p>
            )}
        </div>
    );
}
