/* Districts by id, for their names, where one may see the map. */
import { useCity } from './city';
import { useMay } from './session';

export function useAreaName(): (id: string) => string {
    const city = useCity(useMay('map.view')).data;
    return (id) => String(city?.features.find((f) => f.properties?.kind === 'district' && f.properties.id === id)?.properties?.name ?? id);
}
