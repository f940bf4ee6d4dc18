/* Who may sign in, and as what. */
import { useQuery } from '@tanstack/react-query';
import { Button, Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserList, UserView } from '@/api/types.gen';
import { get } from '@/lib/api';
import { useKeys } from '@/lib/keys';
import { keysOf } from '@/lib/keysOf';
import { useOrgs } from '@/lib/orgs';
import { useMay } from '@/lib/session';
import { Empty } from '@/parts/Empty';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { UserDialog } from './UserDialog';
import './audit.css';

export default function Users() {
    const { t } = useTranslation();
    const orgs = useOrgs();
    const mayEdit = useMay('user.edit');
    const [words, setWords] = useState('');
    const [edited, setEdited] = useState<UserView | 'new' | null>(null);
    const find = useRef<InputRef>(null);
    useKeys({ '/': () => find.current?.focus() });
    const list = useQuery({ queryKey: keysOf.users, queryFn: () => get<UserList>('/api/users') });
    const users = (list.data?.users ?? []).filter((u) => !words || `${u.login} ${u.name} ${orgs.name(u.org)}`.includes(words));
    return (
        <div className="audit">
            <header className="audit-head">
                <h1>{t('users.title')}</h1>
                <span className="quiet">{t('users.apart')}</span>
            </header>
            <Panel
                title={<Input ref={find} size="small" variant="filled" allowClear placeholder={t('users.find')} onChange={(e) => setWords(e.target.value)} />}
                aside={
                    mayEdit && (
                        <Button type="primary" size="small" onClick={() => setEdited('new')}>
                            {t('users.add')}
                        </Button>
                    )
                }
            >
                {list.isPending && <Waiting />}
                {list.error && <Trouble error={list.error} retry={() => void list.refetch()} />}
                {list.isSuccess && users.length === 0 && <Empty title={t('users.none')} />}
                {users.length > 0 && (
                    <div className="audit-table">
                        <table>
                            <thead>
                                <tr>
                                    {['login', 'name', 'org', 'unit', 'roles'].map((id) => (
                                        <th key={id}>{t(`users.${id}`)}</th>
                                    ))}
                                    <th />
                                </tr>
                            </thead>
                            <tbody>
                                {users.map((u) => (
                                    <tr key={u.login}>
                                        <td className="mono">{u.login}</td>
                                        <td>{u.name}</td>
                                        <td>{orgs.name(u.org)}</td>
                                        <td>{u.unit ?? ''}</td>
                                        <td>{u.roles.map((role) => t(`role.${role}`)).join(' · ')}</td>
                                        <td className="audit-deed">
                                            {mayEdit && (
                                                <Button type="link" size="small" onClick={() => setEdited(u)}>
                                                    {t('users.edit')}
                                                </Button>
                                            )}
                                        </td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                )}
            </Panel>
            {edited && <UserDialog of={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
        </div>
    );
}
