/* Type, place, and what else the pack's mapping can take. Naming a street sets the point on the map; the operator may move it. */
import { AutoComplete, Form, type FormInstance } from 'antd';
import type { FeatureCollection } from 'geojson';
import { useTranslation } from 'react-i18next';
import { pointOfPlace, streetNames } from '@/lib/city';
import { say } from '@/lib/pack';
import { FieldInput } from '@/parts/FieldInput';
import type { CallForm, Said } from './callForm';

interface Props {
    of: CallForm;
    city: FeatureCollection | undefined;
    form: FormInstance<Said>;
}

export function CallFields({ of, city, form }: Props) {
    const { t } = useTranslation();
    const { type, pack } = of;
    const names = city ? streetNames(city).map((value) => ({ value })) : [];
    const locate = (place: string) => {
        const point = city ? pointOfPlace(city, place) : null;
        if (point && !form.isFieldTouched('point')) form.setFieldValue('point', point);
    };
    return (
        <>
            {type && (
                <Form.Item name={type.id} label={say(type)} rules={[{ required: true, message: t('call.needType') }]}>
                    <FieldInput field={type} codes={pack.lists.get(type.list ?? '') ?? []} few={30} />
                </Form.Item>
            )}
            <Form.Item name="place" label={t('call.place')} rules={[{ required: true, whitespace: true, message: t('call.needPlace') }]}>
                <AutoComplete
                    options={names}
                    showSearch={{ filterOption: (text, option) => !!text && !!option?.value.includes(text) && option.value !== text }}
                    placeholder={t('call.placeHint')}
                    onChange={locate}
                    maxLength={200}
                    size="large"
                />
            </Form.Item>
            {of.more.length > 0 && <p className="call-more">{t('call.more')}</p>}
            <div className="call-rest">
                {of.more.map((field) => (
                    <Form.Item key={field.id} name={field.id} label={say(field)} className={(field.maxLength ?? 0) > 60 ? 'call-wide' : ''}>
                        <FieldInput field={field} codes={pack.lists.get(field.list ?? '') ?? []} />
                    </Form.Item>
                ))}
            </div>
        </>
    );
}
