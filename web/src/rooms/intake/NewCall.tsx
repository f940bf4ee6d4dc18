/* A call is written down while it is spoken: type and place are enough, the rest may follow. */
import { Alert, Button, Form, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JsonObject, SignalDone } from '@/api/types.gen';
import { write } from '@/lib/api';
import { useCity } from '@/lib/city';
import { say, usePacks } from '@/lib/pack';
import { useWrite } from '@/lib/useWrite';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { CallFields } from './CallFields';
import { type CallForm, formsOf, signalOf, type Said } from './callForm';
import { PointPicker } from './PointPicker';
import './intake.css';

export default function NewCall() {
    const { t } = useTranslation();
    const packs = usePacks();
    const city = useCity();
    const forms = formsOf(packs);
    const [packId, setPack] = useState<string | null>(null);
    const [form] = Form.useForm<Said>();
    const post = useWrite(
        (input: { pack: string; mapping: string; signal: JsonObject }, key) => write<SignalDone>('POST', '/api/signals', input, key),
        () => form.resetFields(),
    );
    const chosen: CallForm | undefined = forms.find((f) => f.pack.id === packId) ?? forms[0];
    if (!chosen) return <Waiting />;
    const send = (said: Said) =>
        post.mutate({ pack: chosen.pack.id, mapping: chosen.mapping.id, signal: signalOf(chosen, said, city.data) });
    return (
        <div className="call">
            <header className="call-head">
                <h1>{t('call.title')}</h1>
                <span className="quiet">{t('call.hint')}</span>
            </header>
            {post.data && <Outcome of={post.data} again={() => post.reset()} />}
            <Form form={form} className="call-form" layout="vertical" requiredMark={false} onFinish={send} disabled={post.isPending}>
                <div className="call-left">
                    {forms.length > 1 && (
                        <Segmented
                            value={chosen.pack.id}
                            onChange={(id) => {
                                setPack(String(id));
                                form.resetFields();
                            }}
                            options={forms.map((f) => ({ value: f.pack.id, label: say(f.pack) }))}
                        />
                    )}
                    <CallFields of={chosen} city={city.data} form={form} />
                    {post.error && <Trouble error={post.error} />}
                    <Button type="primary" htmlType="submit" size="large" block loading={post.isPending}>
                        {t('call.submit')}
                    </Button>
                </div>
                {city.data && chosen.takesPoint && (
                    <Form.Item name="point" label={t('call.point')} className="call-map">
                        <PointPicker city={city.data} />
                    </Form.Item>
                )}
            </Form>
        </div>
    );
}

function Outcome({ of, again }: { of: SignalDone; again: () => void }) {
    const { t } = useTranslation();
    return (
        <Alert
            showIcon
            closable={{ onClose: again }}
            type={of.outcome === 'rejected' ? 'warning' : 'success'}
            title={<span data-case={of.id ?? ''}>{t(`call.${of.outcome}`, { number: of.number ?? '' })}</span>}
            action={of.id ? <a href={`#/cases/${of.id}`}>{t('call.see')}</a> : undefined}
        />
    );
}
