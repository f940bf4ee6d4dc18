/* The form for what an event must bring. Stays open, with the refusal on it, until the server took it. */
import { Form, Modal } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { JsonObject, Offer } from '@/api/types.gen';
import { ApiError } from '@/lib/api';
import { saidOnly } from '@/lib/form';
import { lang } from '@/lib/i18n';
import { usePacks } from '@/lib/pack';
import { FormFields } from './FormFields';
import { useSay } from './Trouble';
import './offers.css';

interface Props {
    pack: string;
    offer: Offer;
    busy: boolean;
    error: unknown;
    quick: boolean;
    said?: JsonObject; /* what was chosen before it was opened */
    send: (fields: JsonObject) => void;
    close: () => void;
}

export function FireDialog({ pack, offer, busy, error, quick, said = {}, send, close }: Props) {
    const { t } = useTranslation();
    const packs = usePacks();
    const say = useSay();
    const [form] = Form.useForm<JsonObject>();
    const refusal = error ? say(error) : null;
    const schema = offer.form ? packs.of(pack)?.forms.get(offer.form) : undefined;
    const only = !schema && offer.needs.length === 1 ? packs.field(pack, offer.needs[0]!) : undefined;
    const atOnce = quick && only?.list != null; /* a single choice is said by one tap */
    useEffect(() => {
        const fields = error instanceof ApiError ? (error.problem.fields ?? []) : [];
        form.setFields(fields.map((f) => ({ name: f.pointer.split('/')[1] ?? '', errors: [lang() === 'zh' ? f.text_zh : f.text_en] })));
    }, [error, form]);
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
            <Form form={form} layout="vertical" requiredMark={false} initialValues={said} onFinish={(all) => send(saidOnly(all))} onValuesChange={(_, all) => atOnce && send(all)} disabled={busy}>
                <FormFields pack={pack} needs={offer.needs} schema={schema} form={form} said={said} />
            </Form>
            {refusal && (
                <p className="fire-refusal" role="alert">
                    <strong>{refusal.what}</strong> {refusal.hint}
                </p>
            )}
        </Modal>
    );
}
