/* Every report meant for one, by service: its periods, newest first, with the edition that stands and those before it. */
import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Edition } from '@/api/types.gen';
import { useKeys } from '@/lib/keys';
import { type PackReport, say, usePacks } from '@/lib/pack';
import { periodOf, step } from '@/lib/period';
import { useCityNow, useMay, useMe } from '@/lib/session';
import { formatDay } from '@/lib/time';
import { Empty } from '@/parts/Empty';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { draftPage, editionPage, isOf, type Of, useEditions } from './edition';
import { PeriodRow } from './PeriodRow';
import '@/parts/values.css';
import './report.css';

interface Line {
    of: Of;
    editions: Edition[];
}

/* Periods with editions; for those who freeze, also the one that runs and the one before it. */
function linesOf(pack: string, report: PackReport, editions: Edition[], today: string, mayFreeze: boolean): Line[] {
    const those = editions.filter((e) => e.pack === pack && e.report === report.id);
    const running = periodOf(today, report.period);
    const periods = new Set([...(mayFreeze ? [running, step(running, -1)] : []), ...those.map((e) => e.period)]);
    return [...periods]
        .sort()
        .reverse()
        .map((period) => ({ pack, report: report.id, period }))
        .map((of) => ({ of, editions: those.filter((e) => isOf(e, of)) }));
}

const pageOf = ({ of, editions }: Line) => (editions[0] ? editionPage(of, editions[0].edition) : draftPage(of));

export default function Reports() {
    const { t } = useTranslation();
    const packs = usePacks();
    const me = useMe();
    const [, go] = useLocation();
    const mayFreeze = useMay('report.freeze');
    const today = formatDay(useCityNow(60_000));
    const list = useEditions();
    const [pack, setPack] = useState('');
    const [chosen, setChosen] = useState<string | null>(null);
    const groups = useMemo(
        () =>
            packs.all
                .filter((p) => pack === '' || p.id === pack)
                .flatMap((p) => p.reports.map((report) => ({ pack: p, report })))
                .filter(({ report }) => report.audience.some((role) => me.roles.includes(role)))
                .map((one) => ({ ...one, lines: linesOf(one.pack.id, one.report, list.data?.editions ?? [], today, mayFreeze) })),
        [packs, pack, me.roles, list.data, today, mayFreeze],
    );
    const pages = groups.flatMap(({ lines }) => lines.map(pageOf));
    const move = (by: number) => {
        const next = pages[Math.min(Math.max(pages.indexOf(chosen ?? '') + by, 0), pages.length - 1)];
        if (!next) return;
        setChosen(next);
        document.querySelector(`tr[data-page="${next}"]`)?.scrollIntoView({ block: 'nearest' });
    };
    useKeys({ j: () => move(1), k: () => move(-1), Enter: () => chosen && go(chosen), Escape: () => setChosen(null) });
    return (
        <div className="report">
            <header className="report-head">
                <h1>{t('report.title')}</h1>
                <span className="quiet">{t('report.about')}</span>
            </header>
            {packs.all.length > 1 && (
                <div className="report-deeds no-print">
                    <Segmented value={pack} onChange={(id) => setPack(String(id))} options={[{ value: '', label: t('cases.anyPack') }, ...packs.all.map((p) => ({ value: p.id, label: say(p) }))]} />
                </div>
            )}
            {list.isPending && <Waiting lines={8} />}
            {list.error && <Trouble error={list.error} retry={() => void list.refetch()} />}
            {list.isSuccess && groups.length === 0 && <Empty title={t('report.none')}>{t('report.noneHint')}</Empty>}
            {list.isSuccess &&
                groups.map(({ pack: p, report, lines }) => (
                    <Panel key={`${p.id}/${report.id}`} title={say(report)} aside={<span className="quiet">{`${say(p)} · ${t(`report.by.${report.period}`)}`}</span>}>
                        {lines.length === 0 && <p className="edition-words quiet">{t('report.notYet')}</p>}
                        <table className="values report-list">
                            <tbody>
                                {lines.map((line) => (
                                    <PeriodRow key={line.of.period} of={line.of} editions={line.editions} page={pageOf(line)} here={pageOf(line) === chosen} mayFreeze={mayFreeze} running={line.of.period === periodOf(today, report.period)} />
                                ))}
                            </tbody>
                        </table>
                    </Panel>
                ))}
        </div>
    );
}
