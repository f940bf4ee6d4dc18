/* The events behind a number, newest first: which case, what each added, which were left out. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Excluded, IndicatorEvents } from '@/api/types.gen';
import { get } from '@/lib/api';
import { lang } from '@/lib/i18n';
import { keysOf } from '@/lib/keysOf';
import { useMay } from '@/lib/session';
import { formatFull } from '@/lib/time';
import { Empty } from '@/parts/Empty';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';

const PAGE = 50;

interface Props {
    pack: string;
    id: string;
    period: string;
    by: string;
    group: string;
    excluded: readonly Excluded[];
}

const ONLY = ['', 'excluded', 'left_out'] as const;

export function EventTable({ pack, id, period, by, group, excluded }: Props) {
    const { t } = useTranslation();
    const [only, setOnly] = useState<(typeof ONLY)[number]>('');
    const mayOpen = useMay('case.view');
    const list = useInfiniteQuery({
        queryKey: [...keysOf.indicators, 'events', pack, id, period, by, group, only],
        initialPageParam: 0,
        queryFn: ({ pageParam }) =>
            get<IndicatorEvents>(`/api/indicators/${pack}/${id}/events`, { period, ...(group && { by, group }), only, limit: PAGE, before: pageParam || undefined }),
        getNextPageParam: (last) => (last.events.length < PAGE ? undefined : last.events.at(-1)?.seq),
    });
    const events = list.data?.pages.flatMap((page) => page.events) ?? [];
    const why = (e: string) => {
        const found = excluded.find((one) => one.id === e);
        return found ? (lang() === 'zh' ? found.reason_zh : found.reason_en) : e;
    };
    if (list.error) return <Trouble error={list.error} retry={() => void list.refetch()} />;
    return (
        <>
            <p className="events-only no-print">
                <Segmented
                    size="small"
                    value={only}
                    onChange={setOnly}
                    options={ONLY.map((value) => ({ value, label: t(`indicators.${value === '' ? 'allEvents' : value === 'excluded' ? 'excluded' : 'leftOut'}`) }))}
                />
            </p>
            {list.isPending && <Waiting />}
            {list.isSuccess && events.length === 0 && <Empty title={t('indicators.noEvents')} />}
            <div className="values-wide" hidden={events.length === 0}>
            <table className="values events">
                <thead>
                    <tr>
                        <th>{t('indicators.seq')}</th>
                        <th>{t('indicators.at')}</th>
                        <th>{t('indicators.case')}</th>
                        <th className="r">{t('indicators.num')}</th>
                        <th className="r">{t('indicators.den')}</th>
                        <th className="r">{t('indicators.leftOut')}</th>
                        <th>{t('indicators.excluded')}</th>
                    </tr>
                </thead>
                <tbody>
                    {events.map((e) => (
                        <tr key={e.seq}>
                            <td className="mono">{e.seq}</td>
                            <td>{formatFull(e.at)}</td>
                            <td className="mono">{mayOpen ? <a href={`#/cases/${e.case_id}`}>{e.number}</a> : e.number}</td>
                            <td className="r">{e.num}</td>
                            <td className="r">{e.den}</td>
                            <td className="r">{e.left_out || ''}</td>
                            <td>{e.excluded ? why(e.excluded) : ''}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            </div>
            {list.hasNextPage && (
                <p className="panel-more no-print">
                    <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                        {t('indicators.more')}
                    </Button>
                </p>
            )}
        </>
    );
}
