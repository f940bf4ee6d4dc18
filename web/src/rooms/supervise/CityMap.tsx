/* The city with its open cases and its units. Draws what it is given; clicking a sign chooses the case. */
import type { CaseBrief, UnitView } from '@/api/types.gen';
import { useCity } from '@/lib/city';
import { Trouble } from '@/parts/Trouble';
import { MapCanvas } from './MapCanvas';
import { MapLegend } from './MapLegend';

interface Props {
    cases: CaseBrief[];
    units: UnitView[];
    now: number;
    chosen: string | null;
    choose: (id: string | null) => void;
    shown: string; /* which pane a phone shows: the map measures itself again when it changes */
}

export function CityMap(props: Props) {
    const city = useCity();
    if (city.error) return <Trouble error={city.error} retry={() => void city.refetch()} />;
    if (!city.data) return null;
    return (
        <>
            <MapCanvas city={city.data} {...props} />
            <MapLegend />
        </>
    );
}
