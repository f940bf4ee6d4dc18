/* A field of a form as its input wants it: the pack's field, narrowed by the form's own rule, and the codes that may be said. */
import type { JsonObject } from '@/api/types.gen';
import { property } from '@/lib/form';
import { type PackField, type Titled, usePacks } from '@/lib/pack';

const LONG = 400; /* characters for which a text gets several lines */
const plain = (id: string): PackField => ({ id, zh: id, en: id, type: 'text', private: false, list: null, maxLength: null, min: null, max: null });

function narrowed(field: PackField, rule: JsonObject): PackField {
    const number = (key: string, otherwise: number | null) => (typeof rule[key] === 'number' ? rule[key] : otherwise);
    const longest = number('maxLength', field.maxLength);
    return {
        ...field,
        maxLength: rule['x-widget'] === 'textarea' ? (longest ?? LONG) : longest,
        min: number('minimum', field.min),
        max: number('maximum', field.max),
    };
}

export function useField(pack: string): (schema: JsonObject | undefined, id: string) => { field: PackField; codes: Titled[] } {
    const packs = usePacks();
    return (schema, id) => {
        const rule = property(schema, id);
        const field = narrowed(packs.field(pack, id) ?? plain(id), rule);
        const codes = field.list ? packs.codes(pack, field.list).filter((c) => !Array.isArray(rule.enum) || rule.enum.includes(c.id)) : [];
        return { field, codes };
    };
}
