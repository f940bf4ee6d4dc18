/* The fields of an event's form, in the sections its pack lays out: each with its help, shown and required as the form says
 * of what was said so far. One column on a phone. */
import { Form, type FormInstance } from 'antd';
import { useTranslation } from 'react-i18next';
import type { JsonObject } from '@/api/types.gen';
import { helpOf, missing, mustFill, type Said, sectionsOf, shows } from '@/lib/form';
import { usePacks } from '@/lib/pack';
import { FieldInput } from './FieldInput';
import { useField } from './useField';

interface Props {
    pack: string;
    needs: readonly string[];
    schema: JsonObject | undefined;
    form: FormInstance;
    said?: Said; /* at the beginning */
}

export function FormFields({ pack, needs, schema, form, said: begun = {} }: Props) {
    const { t } = useTranslation();
    const packs = usePacks();
    const fieldOf = useField(pack);
    const said = (Form.useWatch([], form) ?? {}) as Said;
    const sections = sectionsOf(schema, needs);
    const first = missing(schema, needs, begun)[0] ?? sections[0]?.fields[0]; /* what is needed is asked first */
    const item = (id: string) => {
        const { field, codes } = fieldOf(schema, id);
        const label = packs.fieldTitle(pack, id);
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
