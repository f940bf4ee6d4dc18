/* The last word before freezing: what will stand for good, and why when another edition stood before. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import type { EditionBody, ReportFrozen } from '@/api/types.gen';
import { write } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { useWrite } from '@/lib/useWrite';
import { useSay } from '@/parts/Trouble';
import { draftPath } from './edition';

interface Props {
    draft: EditionBody;
    title: string;
    close: () => void;
    done: (edition: number) => void;
}

export function FreezeDialog({ draft, title, close, done }: Props) {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const client = useQueryClient();
    const say = useSay();
    const [form] = Form.useForm<{ why?: string }>();
    const again = draft.edition > 1;
    const freeze = useWrite(
        (input: { why?: string }, key) => write<ReportFrozen>('POST', draftPath(draft), input, key),
        ({ edition }) => {
            message.success(t('report.frozen', { edition }));
            void client.invalidateQueries({ queryKey: keysOf.reports });
            done(edition);
        },
    );
    const refusal = freeze.error ? say(freeze.error) : null;
    return (
        <Modal
            open
            className="freeze-dialog"
            title={t('report.freezeTitle', { title, period: draft.period, edition: draft.edition })}
            okText={t('report.freeze')}
            cancelText={t('fire.cancel')}
            onOk={() => form.submit()}
            onCancel={close}
            confirmLoading={freeze.isPending}
            width={480}
        >
            <p>{t('report.freezeAbout')}</p>
            {!draft.ended && <p className="freeze-early">{t('report.freezeEarly')}</p>}
            <Form form={form} layout="vertical" requiredMark={false} disabled={freeze.isPending} onFinish={(said) => freeze.mutate(again ? said : {})}>
                {again && (
                    <Form.Item name="why" label={t('report.why', { edition: draft.edition - 1 })} rules={[{ required: true, whitespace: true, message: t('report.whyMissing') }]}>
                        <Input.TextArea rows={3} maxLength={500} showCount autoFocus />
                    </Form.Item>
                )}
            </Form>
            {refusal && (
                <p className="freeze-refusal" role="alert">
                    <strong>{refusal.what}</strong> {refusal.hint}
                </p>
            )}
        </Modal>
    );
}
