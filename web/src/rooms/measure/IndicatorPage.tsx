/* One figure opened: its value and parts, its curve by day, and every event that made it. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import type { IndicatorList, Series } from '@/api/types.gen';
import { get } from '@/lib/api';
import { lang } from '@/lib/i18n';
import { keysOf } from '@/lib/keysOf';
import { usePacks } from '@/lib/pack';
import { useMay } from '@/lib/session';
import { Icon } from '@/parts/Icon';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { EventTable } from './EventTable';
import { MetMark } from '@/parts/MetMark';
import { SeriesChart } from './SeriesChart';
import { show, showTarget, targetOf, unitOf } from '@/lib/figure';
import '@/parts/values.css';
import './measure.css';

export default function IndicatorPage() {
    const { t } = useTranslation();
    const { pack = '', id = '', period = '' } = useParams<{ pack: string; id: string; period?: string }>();
    const packs = usePacks();
    const mayDrill = useMay('measure.events');
    const query = { pack, period, by: '' };
    const list = useQuery({ queryKey: [...keysOf.indicators, query], queryFn: () => get<IndicatorList>('/api/indicators', query) });
    const series = useQuery({
        queryKey: [...keysOf.indicators, 'series', pack, id],
        queryFn: () => get<Series>(`/api/indicators/${pack}/${id}/series`),
    });
    const v = list.data?.values.find((one) => one.id === id);
    if (list.error) return <Trouble error={list.error} retry={() => void list.refetch()} />;
    return (
        <div className="measure">
            <header className="measure-head">
                <Button type="text" icon={<Icon name="back" size={16} />} onClick={() => history.back()} aria-label={t('app.back')} className="no-print" />
                <h1>{v ? (lang() === 'zh' ? v.title_zh : v.title_en) : id}</h1>
                <span className="quiet">
                    {packs.title(pack)} · {period || t('indicators.everything')}
                </span>
            </header>
            {v && (
                <dl className="measure-parts">
                    <div>
                        <dt>{t('indicators.value')}</dt>
                        <dd>
                            <b>{show(v)}</b> {unitOf(v, lang())} <MetMark of={v} />
                        </dd>
                    </div>
                    {targetOf(v) !== null && (
                        <div>
                            <dt>{t('indicators.target')}</dt>
                            <dd>{showTarget(v, lang())}</dd>
                        </div>
                    )}
                    <div>
                        <dt>{t('indicators.num')}</dt>
                        <dd>{v.num}</dd>
                    </div>
                    <div>
                        <dt>{t('indicators.den')}</dt>
                        <dd>{v.den || '—'}</dd>
                    </div>
                    <div title={t('indicators.leftOutHint')}>
                        <dt>{t('indicators.leftOut')}</dt>
                        <dd>{v.left_out}</dd>
                    </div>
                </dl>
            )}
            <Panel title={t('indicators.series')}>
                {series.error ? <Trouble error={series.error} retry={() => void series.refetch()} /> : <SeriesChart points={series.data?.points ?? []} of={v} />}
            </Panel>
            {mayDrill && (
                <Panel title={t('indicators.events')} aside={<span className="quiet">{t('indicators.recomputable')}</span>}>
                    <EventTable pack={pack} id={id} period={period} />
                </Panel>
            )}
        </div>
    );
}
