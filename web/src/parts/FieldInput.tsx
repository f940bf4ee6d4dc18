/* The right input for a field of a pack: few codes as big buttons, many as a list, numbers within their limits, yes or no,
 * instants in the city's time, text as long as it may be. Follows antd's form contract (value, onChange). */
import { Input, InputNumber, Radio, Select } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type PackField, say, type Titled } from '@/lib/pack';
import { cityInput, fromCityInput } from '@/lib/time';
import './field.css';

type Value = string | number | boolean | null | undefined;
interface Props {
    id?: string;
    field: PackField;
    codes: readonly Titled[];
    value?: Value;
    onChange?: (value: Value) => void;
    autoFocus?: boolean;
    few?: number; /* up to so many codes are buttons */
}

const SHORT = 60;

const isScale = (field: PackField) => field.type === 'int' && field.min !== null && field.max !== null && field.max - field.min < 6;
/* Is it answered by one tap on a button? */
export const isChoice = (field: PackField, codes: readonly Titled[], few: number) => (field.list ? codes.length <= few : field.type === 'bool' || isScale(field));

export function FieldInput({ id, field, codes, value, onChange, autoFocus, few = 8 }: Props) {
    const { t } = useTranslation();
    useEffect(() => {
        if (autoFocus && id) document.querySelector<HTMLElement>(`#${CSS.escape(id)} input`)?.focus({ preventScroll: true }); /* buttons; texts do it themselves */
    }, [autoFocus, id]);
    const choose = (options: { value: string | number | boolean; label: string }[]) => (
        <Radio.Group id={id} className="choices" optionType="button" value={value} onChange={(e) => onChange?.(e.target.value)} options={options} />
    );
    if (field.list && codes.length <= few) return choose(codes.map((c) => ({ value: c.id, label: say(c) })));
    if (field.list)
        return (
            <Select
                id={id}
                showSearch={{ optionFilterProp: 'label' }}
                value={value as string | undefined}
                onChange={onChange}
                placeholder={t('fire.choose')}
                options={codes.map((c) => ({ value: c.id, label: say(c) }))}
            />
        );
    if (field.type === 'bool')
        return choose([
            { value: true, label: t('fire.yes') },
            { value: false, label: t('fire.no') },
        ]);
    if (isScale(field))
        return choose(Array.from({ length: field.max! - field.min! + 1 }, (_, i) => ({ value: field.min! + i, label: String(field.min! + i) })));
    if (field.type === 'int' || field.type === 'real')
        return (
            <InputNumber
                id={id}
                value={value as number | undefined}
                onChange={onChange}
                min={field.min ?? undefined}
                max={field.max ?? undefined}
                precision={field.type === 'int' ? 0 : undefined}
                autoFocus={autoFocus}
            />
        );
    if (field.type === 'time')
        return (
            <Input
                id={id}
                type="datetime-local"
                value={typeof value === 'number' ? cityInput(value) : ''}
                onChange={(e) => onChange?.(fromCityInput(e.target.value))}
            />
        );
    const shared = {
        id,
        value: (value as string | undefined) ?? '',
        maxLength: field.maxLength ?? undefined,
        autoFocus,
        onChange: (e: { target: { value: string } }) => onChange?.(e.target.value || undefined),
    };
    if ((field.maxLength ?? 0) > SHORT) return <Input.TextArea {...shared} rows={2} />;
    return <Input {...shared} />;
}
