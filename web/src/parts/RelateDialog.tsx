/* Merging into another case, splitting for several organisations, and undoing either: with whom, and why. Stays open, with the
 * refusal on it, until the server took it. */
import { useQueryClient } from '@tanstack/react-query';
import { Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseBrief, CaseList, Done, JsonObject, SplitDone } from '@/api/types.gen';
import { get, write } from '@/lib/api';
import { useOrgs } from '@/lib/orgs';
import { type OfTwo, useRelations } from '@/lib/relations';
import { useWrite } from '@/lib/useWrite';
import { useSay } from './Trouble';
import './offers.css';

const PARTS = 8;

interface Said {
    reason: string;
    leader?: string;
    orgs?: string[];
}

function LeaderField({ caseId, value, onChange }: { caseId: string; value?: string; onChange?: (id: string) => void }) {
    const { t } = useTranslation();
    const proposals = useRelations(caseId).data?.proposals ?? [];
    const [found, setFound] = useState<CaseBrief[]>([]);
    const [missing, setMissing] = useState(false);
    const search = async (number: string) => {
        const list = number.trim() ? (await get<CaseList>('/api/cases', { number: number.trim() })).cases : [];
        const hits = list.filter((c) => c.id !== caseId);
        setFound(hits);
        setMissing(number.trim() !== '' && hits.length === 0);
        if (hits[0]) onChange?.(hits[0].id);
    };
    const all = [...found, ...proposals.filter((p) => !found.some((f) => f.id === p.id))];
    return (
        <>
            <Input.Search
                placeholder={t('relation.number')}
                onSearch={(number) => void search(number)}
                onKeyDown={(e) => e.key === 'Enter' && e.preventDefault() /* finds; does not send the whole */}
                enterButton={t('relation.search')}
            />
            {missing && <p className="quiet">{t('relation.notFound')}</p>}
            <Radio.Group className="dialog-found" value={value} onChange={(e) => onChange?.(e.target.value as string)}>
                {all.map((c) => (
                    <Radio key={c.id} value={c.id}>
                        {[c.number, c.title, c.place].filter(Boolean).join(' · ')}
                    </Radio>
                ))}
            </Radio.Group>
        </>
    );
}

export function RelateDialog({ caseId, event, title, close }: { caseId: string; event: OfTwo; title: string; close: () => void }) {
    const { t } = useTranslation();
    const client = useQueryClient();
    const orgs = useOrgs();
    const say = useSay();
    const [form] = Form.useForm<Said>();
    const deed = useWrite(
        (body: JsonObject, key) => write<Done | SplitDone>('POST', `/api/cases/${caseId}/${event}`, body, key),
        () => {
            close();
            void client.invalidateQueries();
        },
    );
    const send = ({ reason, leader, orgs: parts }: Said) =>
        deed.mutate({ reason, ...(leader ? { leader } : {}), ...(parts ? { parts: parts.map((org) => ({ org })) } : {}) });
    const refusal = deed.error ? say(deed.error) : null;
    return (
        <Modal
            open
            title={title}
            okText={title}
            cancelText={t('fire.cancel')}
            onOk={() => form.submit()}
            onCancel={close}
            confirmLoading={deed.isPending}
            width={520}
        >
            <p className="quiet dialog-about">{t(`relation.about.${event}`)}</p>
            <Form form={form} layout="vertical" requiredMark={false} onFinish={send} disabled={deed.isPending}>
                {event === 'merge' && (
                    <Form.Item name="leader" label={t('relation.leader')} rules={[{ required: true, message: t('relation.chooseLeader') }]}>
                        <LeaderField caseId={caseId} />
                    </Form.Item>
                )}
                {event === 'split' && (
                    <Form.Item
                        name="orgs"
                        label={t('relation.orgs')}
                        rules={[{ required: true, type: 'array', min: 2, max: PARTS, message: t('relation.chooseOrgs', { most: PARTS }) }]}
                    >
                        <Select
                            mode="multiple"
                            options={orgs.all.map((org) => ({ value: org.id, label: org.name }))}
                            optionFilterProp="label"
                        />
                    </Form.Item>
                )}
                <Form.Item name="reason" label={t('relation.reason')} rules={[{ required: true, whitespace: true, message: t('relation.sayReason') }]}>
                    <Input.TextArea rows={2} maxLength={500} />
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
