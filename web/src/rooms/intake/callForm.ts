/* Which form a pack's own mapping for calls asks for, and the signal made of what was said. The mapping names its targets:
 * fields of the pack, or place, title, lat, lon, area, level of every signal. */
import type { FeatureCollection } from 'geojson';
import type { JsonObject, JsonValue } from '@/api/types.gen';
import { districtOf, type LonLat } from '@/lib/city';
import type { PackField, PackMapping, Packs, PackView } from '@/lib/pack';

export interface CallForm {
    pack: PackView;
    mapping: PackMapping;
    type: PackField | null;
    more: PackField[];
    takesPoint: boolean;
}

export interface Said {
    place: string;
    point?: LonLat;
    [field: string]: unknown;
}

const WRITTEN_BY_HAND = 'json'; /* the mapping whose keys are the names of its targets */

function mappingOf(pack: PackView): PackMapping | undefined {
    return pack.mappings.find((m) => m.id === WRITTEN_BY_HAND && m.fields.includes('place'));
}

export function formOf(pack: PackView): CallForm | null {
    const mapping = mappingOf(pack);
    if (!mapping) return null;
    const fields = mapping.fields.map((id) => pack.fields.find((f) => f.id === id)).filter((f): f is PackField => !!f);
    const type = fields.find((f) => f.list) ?? null;
    return {
        pack,
        mapping,
        type,
        more: fields.filter((f) => f !== type),
        takesPoint: mapping.fields.includes('lat') && mapping.fields.includes('lon'),
    };
}

export const formsOf = (packs: Packs): CallForm[] => packs.all.map(formOf).filter((f): f is CallForm => f !== null);

export function signalOf(form: CallForm, said: Said, city: FeatureCollection | undefined): JsonObject {
    const signal: JsonObject = { place: said.place.trim() };
    for (const field of [form.type, ...form.more]) {
        const value = field ? said[field.id] : undefined;
        if (field && value !== undefined && value !== null && value !== '') signal[field.id] = value as JsonValue;
    }
    if (said.point && form.takesPoint) {
        signal.lat = said.point.lat;
        signal.lon = said.point.lon;
        const area = city && form.mapping.fields.includes('area') ? districtOf(city, said.point) : null;
        if (area) signal.area = area;
    }
    return signal;
}
