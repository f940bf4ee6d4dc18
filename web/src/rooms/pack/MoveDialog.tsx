/* The last word before open cases are moved: how many, that it stands in each of them, and why. */
import { Checkbox, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSay } from '@/parts/Trouble';
import '@/parts/offers.css';

interface Props {
    n: number;
    error: unknown;
    busy: boolean;
    close: () => void;
    send: (reason: string) => void;
}

export function MoveDialog({ n, error, busy, close, send }: Props) {
    const { t } = useTranslation();
    const say = useSay();
    const [form] = Form.useForm<{ reason: string; sure: boolean }>();
    const refusal = error ? say(error) : null;
    return (
        <Modal
            open
            title={t('packs.moveTitle', { n })}
            okText={t('packs.moveCases', { n })}
            cancelText={t('fire.cancel')}
            okButtonProps={{ danger: true }}
            onOk={() => form.submit()}
            onCancel={close}
            confirmLoading={busy}
            width={520}
        >
            <p className="quiet dialog-about">{t('packs.moveHint')}</p>
            <Form form={form} layout="vertical" requiredMark={false} onFinish={({ reason }) => send(reason.trim())} disabled={busy}>
                <Form.Item name="reason" label={t('relation.reason')} rules={[{ required: true, whitespace: true, message: t('relation.sayReason') }]}>
                    <Input.TextArea rows={2} maxLength={500} autoFocus />
                </Form.Item>
                <Form.Item
                    name="sure"
                    valuePropName="checked"
                    rules={[{ validator: (_, sure) => (sure === true ? Promise.resolve() : Promise.reject(new Error(t('packs.confirmFirst')))) }]}
                >
                    <Checkbox>{t('packs.confirm', { n })}</Checkbox>
                </Form.Item>
            </Form>
            {refusal && (
                <p className="fire-refusal" role="alert">
                    <strong>{refusal.what}</strong> {refusal.hint}
                </p>
            )}
        </Modal>
    );
}
