/* The form for what an event must bring. Stays open, with the refusal on it, until the server took it. */
import { Form, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import type { JsonObject, Offer } from '@/api/types.gen';
import { type PackField, usePacks } from '@/lib/pack';
import { FieldInput } from './FieldInput';
import { useSay } from './Trouble';
import './offers.css';

interface Props {
    pack: string;
    offer: Offer;
    busy: boolean;
    error: unknown;
    quick: boolean;
    send: (fields: JsonObject) => void;
    close: () => void;
}

const plain = (id: string): PackField => ({
    id,
    zh: id,
    en: id,
    type: 'text',
    private: false,
    list: null,
    maxLength: null,
    min: null,
    max: null,
});

export function FireDialog({ pack, offer, busy, error, quick, send, close }: Props) {
    const { t } = useTranslation();
    const packs = usePacks();
    const say = useSay();
    const [form] = Form.useForm<JsonObject>();
    const refusal = error ? say(error) : null;
    const only = offer.needs.length === 1 ? packs.field(pack, offer.needs[0]!) : undefined;
    const atOnce = quick && only?.list != null; /* a single choice is said by one tap */
    return (
        <Modal
            open
            className="fire-dialog"
            title={packs.event(pack, offer.event)}
            okText={packs.event(pack, offer.event)}
            cancelText={t('fire.cancel')}
            onOk={() => form.submit()}
            onCancel={close}
            confirmLoading={busy}
            footer={atOnce ? null : undefined}
            width={460}
        >
            <Form form={form} layout="vertical" requiredMark={false} onFinish={send} onValuesChange={(_, said) => atOnce && send(said)} disabled={busy}>
                {offer.needs.map((id, i) => {
                    const field = packs.field(pack, id) ?? plain(id);
                    const label = packs.fieldTitle(pack, id);
                    return (
                        <Form.Item key={id} name={id} label={label} rules={[{ required: true, message: t('fire.missing', { field: label }) }]}>
                            <FieldInput field={field} codes={field.list ? packs.codes(pack, field.list) : []} few={12} autoFocus={i === 0} />
                        </Form.Item>
                    );
                })}
            </Form>
            {refusal && (
                <p className="fire-refusal" role="alert">
                    <strong>{refusal.what}</strong> {refusal.hint}
                </p>
            )}
        </Modal>
    );
}
