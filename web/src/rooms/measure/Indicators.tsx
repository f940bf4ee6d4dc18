/* The figures: by service, period and group; each with its target, its parts, and what was left out of it. */
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IndicatorList } from '@/api/types.gen';
import { get } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { say, usePacks } from '@/lib/pack';
import { useCityNow } from '@/lib/session';
import { formatDay } from '@/lib/time';
import { Empty } from '@/parts/Empty';
import { Icon } from '@/parts/Icon';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { saveTable } from './export';
import { GroupTable } from './GroupTable';
import { PeriodPicker } from './PeriodPicker';
import { periodName, periodOf } from '@/lib/period';
import { ValueTable } from './ValueTable';
import '@/parts/values.css';
import './measure.css';

export default function Indicators() {
    const { t } = useTranslation();
    const packs = usePacks();
    const today = formatDay(useCityNow(60_000));
    const [pack, setPack] = useState('');
    const [by, setBy] = useState('');
    const [period, setPeriod] = useState<string | null>(null);
    const shownPeriod = period ?? periodOf(today, 'month');
    const query = { pack, period: shownPeriod, by, compare: by === '' || undefined };
    const list = useQuery({
        queryKey: [...keysOf.indicators, query],
        queryFn: () => get<IndicatorList>('/api/indicators', query),
        placeholderData: (before) => before,
    });
    const values = list.data?.values ?? [];
    const packIds = [...new Set(values.map((v) => v.pack))];
    const grouped = (list.data?.by ?? '') !== '';
    return (
        <div className="measure">
            <header className="measure-head">
                <h1>{t('indicators.title')}</h1>
                <span className="quiet">{t('indicators.recomputable')}</span>
            </header>
            <div className="measure-filters no-print">
                <Segmented
                    value={pack}
                    onChange={(id) => setPack(String(id))}
                    options={[{ value: '', label: t('cases.anyPack') }, ...packs.all.map((p) => ({ value: p.id, label: say(p) }))]}
                />
                <Segmented
                    value={by}
                    onChange={(id) => setBy(String(id))}
                    options={[
                        { value: '', label: t('indicators.all') },
                        { value: 'org', label: t('indicators.org') },
                        { value: 'org_tree', label: t('indicators.orgTree') },
                        { value: 'area', label: t('indicators.area') },
                    ]}
                />
                <PeriodPicker period={shownPeriod} today={today} change={setPeriod} />
                <span className="bar-space" />
                <Button icon={<Icon name="download" size={15} />} disabled={values.length === 0} onClick={() => saveTable(values, shownPeriod, t)}>
                    {t('indicators.csv')}
                </Button>
                <Button className="wide-only" icon={<Icon name="print" size={15} />} onClick={() => window.print()}>
                    {t('indicators.print')}
                </Button>
            </div>
            <p className="print-only">{periodName(shownPeriod, t)}</p>
            {list.isPending && <Waiting lines={8} />}
            {list.error && <Trouble error={list.error} retry={() => void list.refetch()} />}
            {list.isSuccess && values.length === 0 && <Empty title={t('indicators.none')}>{t('indicators.noneHint')}</Empty>}
            {packIds.map((id) => {
                const those = values.filter((v) => v.pack === id);
                return (
                    <Panel key={id} title={packs.title(id)}>
                        {grouped ? <GroupTable values={those} by={list.data!.by} period={shownPeriod} /> : <ValueTable values={those} period={shownPeriod} />}
                    </Panel>
                );
            })}
        </div>
    );
}
