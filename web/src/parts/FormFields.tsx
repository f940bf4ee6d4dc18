/* The fields of an event's form, in the sections its pack lays out: each with its help, shown and required as the form says
 * of what was said so far. One column on a phone. */
import { Form, type FormInstance } from 'antd';
import { useTranslation } from 'react-i18next';
import type { JsonObject } from '@/api/types.gen';
import { helpOf, mustFill, property, type Said, sectionsOf, shows } from '@/lib/form';
import { type PackField, usePacks } from '@/lib/pack';
import { FieldInput } from './FieldInput';

interface Props {
    pack: string;
    needs: readonly string[];
    schema: JsonObject | undefined;
    form: FormInstance;
}

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

export function FormFields({ pack, needs, schema, form }: Props) {
    const { t } = useTranslation();
    const packs = usePacks();
    const said = (Form.useWatch([], form) ?? {}) as Said;
    const sections = sectionsOf(schema, needs);
    const first = sections[0]?.fields[0];
    const item = (id: string) => {
        const rule = property(schema, id);
        const field = narrowed(packs.field(pack, id) ?? plain(id), rule);
        const label = packs.fieldTitle(pack, id);
        const codes = field.list ? packs.codes(pack, field.list).filter((c) => !Array.isArray(rule.enum) || rule.enum.includes(c.id)) : [];
        const required = mustFill(schema, needs, id, said);
        return (
            <Form.Item
                key={id}
                name={id}
                label={required ? label : t('fire.optional', { field: label })}
                extra={helpOf(schema, id) || undefined}
                rules={[{ required, message: t('fire.missing', { field: label }) }]}
            >
                <FieldInput field={field} codes={codes} few={12} autoFocus={id === first} />
            </Form.Item>
        );
    };
    return sections.map((section) => (
        <fieldset key={section.fields.join()} className={section.columns === 2 ? 'fire-section fire-two' : 'fire-section'}>
            {section.title && <legend>{section.title}</legend>}
            {section.fields.filter((id) => shows(schema, id, said)).map(item)}
        </fieldset>
    ));
}
