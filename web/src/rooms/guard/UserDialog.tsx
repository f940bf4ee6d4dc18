/* One account, new or changed. The server refuses what must not be (weak password, officers in one person) and says why. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Done, UserPut, UserView } from '@/api/types.gen';
import { write } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { useOrgs } from '@/lib/orgs';
import { useWrite } from '@/lib/useWrite';
import { Trouble } from '@/parts/Trouble';

const ROLES = ['duty_officer', 'dispatcher', 'unit', 'handler', 'callcentre', 'leader', 'analyst', 'auditor', 'security', 'admin'] as const;
type Filled = UserPut & { login: string };

export function UserDialog({ of, close }: { of: UserView | null; close: () => void }) {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const client = useQueryClient();
    const orgs = useOrgs();
    const [form] = Form.useForm<Filled>();
    const put = useWrite(
        ({ login, ...body }: Filled, key) => write<Done>('PUT', `/api/users/${encodeURIComponent(login)}`, body, key),
        (_, { login }) => {
            message.success(t('users.saved', { login }));
            void client.invalidateQueries({ queryKey: keysOf.users });
            close();
        },
    );
    const required = { required: true, message: t('users.required') };
    return (
        <Modal
            open
            title={of ? `${t('users.edit')} · ${of.login}` : t('users.add')}
            okText={t('users.save')}
            cancelText={t('fire.cancel')}
            confirmLoading={put.isPending}
            onOk={() => form.submit()}
            onCancel={close}
        >
            <Form
                form={form}
                layout="vertical"
                requiredMark={false}
                autoComplete="off"
                initialValues={of ? { ...of, unit: of.unit ?? undefined } : { roles: [] }}
                onFinish={(filled) => put.mutate({ ...filled, login: of?.login ?? filled.login, unit: filled.unit || undefined })}
            >
                {!of && (
                    <Form.Item name="login" label={t('users.login')} extra={t('users.loginHint')} rules={[{ pattern: /^[a-z0-9._-]{2,64}$/, message: t('users.loginHint') }, required]}>
                        <Input autoComplete="off" />
                    </Form.Item>
                )}
                <Form.Item name="name" label={t('users.name')} rules={[required]}>
                    <Input maxLength={64} />
                </Form.Item>
                <Form.Item name="org" label={t('users.org')} rules={[required]}>
                    <Select showSearch={{ optionFilterProp: 'label' }} options={orgs.all.map((o) => ({ value: o.id, label: o.name }))} />
                </Form.Item>
                <Form.Item name="roles" label={t('users.roles')} extra={t('users.apart')} rules={[required]}>
                    <Select mode="multiple" options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))} />
                </Form.Item>
                <Form.Item name="unit" label={t('users.unit')}>
                    <Input maxLength={64} />
                </Form.Item>
                <Form.Item name="password" label={t('users.password')} extra={t('users.passwordHint')} rules={[required, { min: 10, message: t('users.passwordHint') }]}>
                    <Input.Password autoComplete="new-password" maxLength={256} />
                </Form.Item>
            </Form>
            {put.error && <Trouble error={put.error} />}
        </Modal>
    );
}
