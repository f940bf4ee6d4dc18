/* Forms as people meet them, not to be filled in here; with what asks for each. */
import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import type { JsonObject } from '@/api/types.gen';
import { property } from '@/lib/form';
import { usePacks } from '@/lib/pack';
import type { Service } from '@/lib/service';
import { FormFields } from '@/parts/FormFields';

function Preview({ of, id, schema }: { of: Service; id: string; schema: JsonObject }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const [form] = Form.useForm();
    const pack = of.pack.id;
    const moves = of.moves.filter((move) => move.form === id);
    const events = [...new Set(moves.flatMap((move) => move.events))].map((event) => packs.event(pack, event));
    const needs = [...new Set(moves.flatMap((move) => move.needs))];
    const hidden = Object.keys((schema.properties ?? {}) as JsonObject).filter((field) => property(schema, field)['x-show-if']);
    return (
        <article className="form-preview" data-form={id}>
            <h3>
                {events.length > 0 ? t('packs.formOf', { events: events.join(t('diagram.comma')) }) : t('packs.formOfSignal')} <span className="mono quiet">{id}</span>
            </h3>
            <div inert>
                <Form form={form} layout="vertical" requiredMark={false}>
                    <FormFields pack={pack} needs={needs} schema={schema} form={form} />
                </Form>
            </div>
            {hidden.map((field) => {
                const [other, value] = Object.entries(property(schema, field)['x-show-if'] as JsonObject)[0] ?? ['', ''];
                return (
                    <p key={field} className="quiet">
                        {t('packs.shownIf', { field: packs.fieldTitle(pack, field), other: packs.fieldTitle(pack, other), value: packs.value(pack, other, value) })}
                    </p>
                );
            })}
        </article>
    );
}

export function Forms({ of }: { of: Service }) {
    const { t } = useTranslation();
    return (
        <div className="form-previews">
            <p className="quiet">{t('packs.formHint')}</p>
            {[...of.pack.forms].map(([id, schema]) => (
                <Preview key={id} of={of} id={id} schema={schema} />
            ))}
        </div>
    );
}
