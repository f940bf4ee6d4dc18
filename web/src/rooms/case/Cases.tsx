/* Every case one may know of, newest first, filtered by the server; the stream keeps the rows current. */
import { Button } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useCasePages } from '@/lib/cases';
import { useKeys } from '@/lib/keys';
import { useCityNow } from '@/lib/session';
import type { CaseFilter } from '@/lib/stream';
import { Empty } from '@/parts/Empty';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { CaseFilters } from './CaseFilters';
import { CaseTable } from './CaseTable';
import './cases.css';

export default function Cases() {
    const { t } = useTranslation();
    const [, go] = useLocation();
    const [filter, setFilter] = useState<CaseFilter>({ open: true });
    const [chosen, setChosen] = useState<string | null>(null);
    const find = useRef<HTMLInputElement>(null);
    const now = useCityNow(1000);
    const list = useCasePages(filter);
    const rows = useMemo(() => list.data?.pages.flatMap((page) => page.cases) ?? [], [list.data]);
    const open = (id: string) => go(`/cases/${id}`);
    const step = (by: number) => {
        const next = rows[Math.min(Math.max(rows.findIndex((c) => c.id === chosen) + by, 0), rows.length - 1)];
        if (!next) return;
        setChosen(next.id);
        document.getElementById(`case-${next.id}`)?.scrollIntoView({ block: 'nearest' });
    };
    useKeys({
        j: () => step(1),
        k: () => step(-1),
        Enter: () => chosen && open(chosen),
        Escape: () => setChosen(null),
        '/': () => find.current?.focus(),
    });
    return (
        <div className="cases">
            <header className="page-head">
                <h1>{t('cases.title')}</h1>
                <span className="quiet">{t('cases.shown', { n: rows.length })}</span>
            </header>
            <CaseFilters filter={filter} change={setFilter} find={find} />
            {list.isPending && <Waiting lines={10} />}
            {list.error && rows.length === 0 && <Trouble error={list.error} retry={() => void list.refetch()} />}
            {list.isSuccess && rows.length === 0 && (
                <Empty title={t('cases.none')}>
                    {t('cases.noneHint')} <Button type="link" onClick={() => setFilter({})}>{t('cases.clear')}</Button>
                </Empty>
            )}
            {rows.length > 0 && <CaseTable rows={rows} now={now} chosen={chosen} choose={setChosen} open={open} />}
            {rows.length > 0 && (
                <footer className="cases-end no-print">
                    {list.hasNextPage ? (
                        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                            {t('cases.more')}
                        </Button>
                    ) : (
                        <span className="quiet">{t('cases.end')}</span>
                    )}
                </footer>
            )}
        </div>
    );
}
