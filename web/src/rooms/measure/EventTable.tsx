/* The events behind a number, newest first: which case, what each added, which were left out. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { IndicatorEvents } from '@/api/types.gen';
import { get } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { useMay } from '@/lib/session';
import { formatFull } from '@/lib/time';
import { Empty } from '@/parts/Empty';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';

const PAGE = 50;

export function EventTable({ pack, id, period }: { pack: string; id: string; period: string }) {
    const { t } = useTranslation();
    const mayOpen = useMay('case.view');
    const list = useInfiniteQuery({
        queryKey: [...keysOf.indicators, 'events', pack, id, period],
        initialPageParam: 0,
        queryFn: ({ pageParam }) =>
            get<IndicatorEvents>(`/api/indicators/${pack}/${id}/events`, { period, limit: PAGE, before: pageParam || undefined }),
        getNextPageParam: (last) => (last.events.length < PAGE ? undefined : last.events.at(-1)?.seq),
    });
    const events = list.data?.pages.flatMap((page) => page.events) ?? [];
    if (list.isPending) return <Waiting />;
    if (list.error) return <Trouble error={list.error} retry={() => void list.refetch()} />;
    if (events.length === 0) return <Empty title={t('indicators.noEvents')} />;
    return (
        <>
            <table className="values events">
                <thead>
                    <tr>
                        <th>{t('indicators.seq')}</th>
                        <th>{t('indicators.at')}</th>
                        <th>{t('indicators.case')}</th>
                        <th className="r">{t('indicators.num')}</th>
                        <th className="r">{t('indicators.den')}</th>
                        <th className="r">{t('indicators.leftOut')}</th>
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
                        </tr>
                    ))}
                </tbody>
            </table>
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
