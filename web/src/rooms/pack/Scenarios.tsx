/* The examples of the service, run on the server beside the store: each with its steps, what came out otherwise than written,
 * and how long it took. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScenarioRun, ScenarioRuns, ScenarioStep } from '@/api/types.gen';
import { postOnce } from '@/lib/api';
import { lang } from '@/lib/i18n';
import { keysOf } from '@/lib/keysOf';
import { usePacks } from '@/lib/pack';
import type { Service } from '@/lib/service';
import { Icon } from '@/parts/Icon';
import { Trouble } from '@/parts/Trouble';
import { CopyButton, Refusals } from './Troubles';
import { useRole } from './useRole';

type Outcome = 'good' | 'bad' | 'late'; /* late: not begun, the time was up */
const outcomeOf = (run: ScenarioRun): Outcome => (!run.ran ? 'late' : run.ok ? 'good' : 'bad');
const ICONS = { good: 'check', bad: 'cross', late: 'refresh' } as const;

function StepRow({ of, step, first }: { of: Service; step: ScenarioStep; first: boolean }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const roleOf = useRole(of);
    const what = first ? t('packs.signal') : step.at == null ? t('packs.figuresAtEnd') : step.event ? packs.event(of.pack.id, step.event) : t('packs.timePasses');
    return (
        <li className={step.failures.length > 0 ? 'bad' : ''}>
            <span className="num quiet">{step.at ?? ''}</span>
            <span>
                {what}
                {step.by && <small> {roleOf(step.by)}</small>}
                {step.refused && <small className="tag">{t('packs.wantsRefusal')}</small>}
            </span>
            {step.failures.length > 0 && <Refusals of={step.failures} />}
        </li>
    );
}

function Run({ of, run }: { of: Service; run: ScenarioRun }) {
    const { t } = useTranslation();
    const outcome = outcomeOf(run);
    const [open, setOpen] = useState(outcome === 'bad');
    const failures = run.steps.flatMap((step) => step.failures);
    return (
        <li className={`run run-${outcome}`} data-scenario={run.file} data-outcome={outcome}>
            <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
                <Icon name={ICONS[outcome]} size={16} />
                <span className="visually-hidden">{t(`packs.outcome.${outcome}`)}</span>
                <span className="run-title">{lang() === 'zh' ? run.title_zh : run.title_en}</span>
                <span className="mono quiet wide-only">{run.file.replace('scenarios/', '')}</span>
                <span className="quiet num">{run.ran ? t('packs.nMoments', { n: run.steps.length }) : ''}</span>
                <span className="quiet num">{run.ran ? t('packs.ms', { n: run.ms < 10 ? run.ms.toFixed(1) : Math.round(run.ms) }) : ''}</span>
            </button>
            {failures.length > 0 && !open && <Refusals of={failures.slice(0, 1)} />}
            {open && (
                <>
                    <ol className="run-steps">
                        {run.steps.map((step, i) => (
                            <StepRow key={i} of={of} step={step} first={i === 0} />
                        ))}
                    </ol>
                    {failures.length > 0 && (
                        <p>
                            <CopyButton text={failures.join('\n')} />
                        </p>
                    )}
                </>
            )}
        </li>
    );
}

export function Scenarios({ of }: { of: Service }) {
    const { t } = useTranslation();
    const { id, version } = of.pack;
    const runs = useQuery({
        queryKey: keysOf.scenarios(id, version),
        queryFn: () => postOnce<ScenarioRuns>(`/api/packs/${id}/scenarios`),
        staleTime: Infinity,
        retry: false,
    });
    const list = runs.data?.runs ?? [];
    const good = list.filter((run) => run.ok).length;
    const order = (run: ScenarioRun) => ['bad', 'late', 'good'].indexOf(outcomeOf(run));
    return (
        <>
            <div className="runs-head">
                <p role="status" className={list.length === 0 || runs.isFetching ? '' : good === list.length ? 'runs-good' : 'runs-bad'}>
                    {runs.isFetching || !runs.data ? t('packs.running', { n: of.scenarios }) : t('packs.passed', { good, all: list.length, ms: Math.round(runs.data.ms) })}
                </p>
                <Button className="no-print" type="primary" loading={runs.isFetching} icon={<Icon name="play" size={14} />} onClick={() => void runs.refetch()} data-deed="run">
                    {t('packs.runAgain')}
                </Button>
            </div>
            <progress className="runs-bar" max={1} value={runs.isFetching ? undefined : 1} aria-hidden="true" />
            {runs.error && <Trouble error={runs.error} retry={() => void runs.refetch()} />}
            <ul className="runs" aria-busy={runs.isFetching}>
                {[...list].sort((a, b) => order(a) - order(b)).map((run) => (
                    <Run key={`${run.file}${run.ok}`} of={of} run={run} />
                ))}
            </ul>
        </>
    );
}
