/* Who did and who looked, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditList } from '@/api/types.gen';
import { get } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { usePacks } from '@/lib/pack';
import { formatFull } from '@/lib/time';
import { useKind } from '@/lib/useKind';
import { Empty } from '@/parts/Empty';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';

const PAGE = 60;
const OPERATIONS = ['collection', 'alteration', 'consultation', 'disclosure', 'combination', 'erasure'] as const;

export function AuditEvents() {
    const { t, i18n } = useTranslation();
    const kind = useKind();
    const packs = usePacks();
    const [actor, setActor] = useState('');
    const [operation, setOperation] = useState('');
    const list = useInfiniteQuery({
        queryKey: [...keysOf.audit, actor, operation],
        initialPageParam: 0,
        queryFn: ({ pageParam }) => get<AuditList>('/api/audit/events', { actor, operation, limit: PAGE, before: pageParam || undefined }),
        getNextPageParam: (last) => (last.events.length < PAGE ? undefined : last.events.at(-1)?.seq),
    });
    const events = list.data?.pages.flatMap((page) => page.events) ?? [];
    const operationName = (id: string) => (i18n.exists(`operation.${id}`) ? t(`operation.${id}`) : id);
    return (
        <Panel
            title={t('audit.reads')}
            aside={
                <span className="audit-filters">
                    <Input.Search size="small" allowClear placeholder={t('audit.actor')} onSearch={(text) => setActor(text.trim())} />
                    <Select
                        size="small"
                        value={operation}
                        onChange={setOperation}
                        options={[{ value: '', label: t('audit.anyOperation') }, ...OPERATIONS.map((id) => ({ value: id, label: operationName(id) }))]}
                    />
                </span>
            }
        >
            {list.isPending && <Waiting />}
            {list.error && <Trouble error={list.error} retry={() => void list.refetch()} />}
            {list.isSuccess && events.length === 0 && <Empty title={t('audit.none')} />}
            {events.length > 0 && (
                <div className="audit-table">
                    <table>
                        <thead>
                            <tr>
                                {['seq', 'at', 'who', 'operation', 'kind', 'case', 'purpose', 'basis'].map((id) => (
                                    <th key={id}>{t(id === 'operation' ? 'audit.deed' : `audit.${id}`)}</th>
                                ))}
                            </tr>
                        </thead>
                        <tbody>
                            {events.map((e) => (
                                <tr key={e.seq} className={e.operation === 'consultation' ? 'audit-read' : ''}>
                                    <td className="mono">{e.seq}</td>
                                    <td>{formatFull(e.at)}</td>
                                    <td>{e.actor}</td>
                                    <td>{operationName(e.operation)}</td>
                                    <td>{kind(e.kind)}</td>
                                    <td className="mono">{e.number ?? ''}</td>
                                    <td>{packs.purpose(e.purpose)}</td>
                                    <td className="audit-basis">{e.basis}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {list.hasNextPage && (
                <p className="audit-more no-print">
                    <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                        {t('audit.more')}
                    </Button>
                </p>
            )}
        </Panel>
    );
}
