/* One figure opened: its value and parts, its curve, and what made it: every event, or the figures it is made of. */
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
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
import { useAreaName } from '@/lib/areas';
import { useOrgs } from '@/lib/orgs';
import { grainOf, periodName } from '@/lib/period';
import { Change } from './Change';
import { EventTable } from './EventTable';
import { Inputs } from './Inputs';
import { Taken } from './Taken';
import { MetMark } from '@/parts/MetMark';
import { SeriesChart } from './SeriesChart';
import { show, showTarget, targetOf, unitOf } from '@/lib/figure';
import '@/parts/values.css';
import './measure.css';

const CURVES = ['day', 'month', 'quarter', 'half_year', 'year'] as const;
type Curve = (typeof CURVES)[number];

export default function IndicatorPage() {
    const { t } = useTranslation();
    const params = useParams<{ pack: string; id: string; period?: string; by?: string; group?: string }>();
    const { pack = '', id = '', by = '' } = params;
    const period = params.period === 'all' ? '' : (params.period ?? '');
    const group = decodeURIComponent(params.group ?? '');
    const [grain, setGrain] = useState<Curve>(['day', 'month'].includes(grainOf(period)) ? 'day' : 'month');
    const packs = usePacks();
    const [orgs, area] = [useOrgs(), useAreaName()];
    const mayDrill = useMay('measure.events');
    const query = { pack, period, by, compare: true };
    const list = useQuery({ queryKey: [...keysOf.indicators, query], queryFn: () => get<IndicatorList>('/api/indicators', query) });
    const series = useQuery({
        queryKey: [...keysOf.indicators, 'series', pack, id, grain],
        queryFn: () => get<Series>(`/api/indicators/${pack}/${id}/series`, { grain }),
        placeholderData: (before) => before,
    });
    const v = list.data?.values.find((one) => one.id === id && one.group === group);
    if (list.error) return <Trouble error={list.error} retry={() => void list.refetch()} />;
    return (
        <div className="measure">
            <header className="measure-head">
                <Button type="text" icon={<Icon name="back" size={16} />} onClick={() => history.back()} aria-label={t('app.back')} className="no-print" />
                <h1>{v ? (lang() === 'zh' ? v.title_zh : v.title_en) : id}</h1>
                <span className="quiet">
                    {[packs.title(pack), periodName(period, t), ...(group ? [by === 'area' ? area(group) : orgs.name(group)] : [])].join(' · ')}
                </span>
            </header>
            {v && (
                <dl className="measure-parts">
                    <div>
                        <dt>{t('indicators.value')}</dt>
                        <dd>
                            <b>{show(v)}</b> {unitOf(v, lang())} <MetMark of={v} />
                            <Change of={v} />
                        </dd>
                    </div>
                    {targetOf(v) !== null && (
                        <div>
                            <dt>{t('indicators.target')}</dt>
                            <dd>{showTarget(v, lang())}</dd>
                        </div>
                    )}
                    {v.inputs.length === 0 && (
                        <>
                            <div>
                                <dt>{t('indicators.num')}</dt>
                                <dd>{v.num}</dd>
                            </div>
                            <div>
                                <dt>{t('indicators.den')}</dt>
                                <dd>{v.den || '—'}</dd>
                            </div>
                            <div>
                                <dt>{t('indicators.leftOut')}</dt>
                                <dd>
                                    <Taken of={v} />
                                </dd>
                            </div>
                        </>
                    )}
                </dl>
            )}
            <Panel
                title={t('indicators.series')}
                aside={
                    <Segmented<Curve>
                        size="small"
                        className="no-print"
                        value={grain}
                        onChange={setGrain}
                        options={CURVES.map((value) => ({ value, label: t(`indicators.${value === 'half_year' ? 'halfYear' : value}`) }))}
                    />
                }
            >
                {series.error ? <Trouble error={series.error} retry={() => void series.refetch()} /> : <SeriesChart points={series.data?.points ?? []} of={v} />}
            </Panel>
            {v && v.inputs.length > 0 && (
                <Panel title={t('indicators.inputs')} aside={<span className="quiet">{t('indicators.recomputable')}</span>}>
                    <Inputs pack={pack} inputs={v.inputs} by={by} group={group} />
                </Panel>
            )}
            {mayDrill && !v?.inputs.length && (
                <Panel title={t('indicators.events')} aside={<span className="quiet">{t('indicators.recomputable')}</span>}>
                    <EventTable pack={pack} id={id} period={period} by={by} group={group} excluded={v?.excluded ?? []} />
                </Panel>
            )}
        </div>
    );
}
