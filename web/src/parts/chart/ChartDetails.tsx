/* In words, what is chosen in the drawing: of a step, whether the case is or was there and what counts in it; of a line, when
 * the case took it. */
import { useTranslation } from 'react-i18next';
import type { Diagram, DiagramNode } from '@/api/types.gen';
import { eventsOf, isOpen, type Item, joined, type Live, liveOf, titleOf, wholeLines } from '@/lib/chart';
import type { Path } from '@/lib/path';
import { formatNear } from '@/lib/time';
import { useSpan } from '@/lib/useSpan';

interface Props {
    of: Diagram;
    item: Item | null;
    path: Path | null;
    live: Live | null;
}

function NodeWords({ of, path, live }: { of: DiagramNode; path: Path | null; live: Live | null }) {
    const { t } = useTranslation();
    const span = useSpan();
    const here = path?.active.has(of.id) ?? false;
    const entered = path?.passed.get(of.id);
    const now = live?.now ?? 0;
    const lines = wholeLines(of.lines).map((line) => {
        const is = live && liveOf(line, here, live);
        if (is && 'clock' in is) return t(`diagram.clock.${is.clock.tone}`, { title: line.name, span: span(is.clock.span) });
        if (is) return t('diagram.tasks', { title: line.name, state: t(`tasks.${is.task.state}`), who: is.task.unit ?? is.task.org });
        return line.text;
    });
    return (
        <>
            <strong>{of.kind === 'history' ? t('diagram.history') : joined(of.title)}</strong>
            {path && here && <span className="chart-here">{t('diagram.here')}</span>}
            {path && <span>{entered ? t('diagram.passed', { at: formatNear(entered, now) }) : of.kind !== 'sign' && of.kind !== 'history' && t('diagram.never')}</span>}
            {lines.length > 0 && <span>{lines.join(' · ')}</span>}
        </>
    );
}

function EdgeWords({ of, edge, path, live }: { of: Diagram; edge: number; path: Path | null; live: Live | null }) {
    const { t } = useTranslation();
    const e = of.edges[edge]!;
    const numbers = path?.taken.get(edge) ?? [];
    const comma = t('diagram.comma');
    return (
        <>
            <strong>{t('diagram.describe', { from: titleOf(of, e.from, comma), to: titleOf(of, e.to, comma), events: eventsOf(e) })}</strong>
            {path && numbers.length === 0 && <span>{t('diagram.never')}</span>}
            {numbers.length > 1 && <span>{t('diagram.times', { n: numbers.length })}</span>}
            {numbers.map((n) => {
                const step = path!.moves[n - 1]!;
                return <span key={n}>{t('diagram.time', { n, at: formatNear(step.at, live?.now ?? step.at), who: step.actor })}</span>;
            })}
        </>
    );
}

export function ChartDetails({ of, item, path, live }: Props) {
    const { t } = useTranslation();
    const open = live?.tasks.filter(isOpen) ?? [];
    const at = path ? of.nodes.filter((n) => path.active.has(n.id) && !of.nodes.some((m) => m.parent === n.id && path.active.has(m.id))) : [];
    return (
        <p className="chart-details" aria-live="polite">
            {item?.node && <NodeWords of={item.node} path={path} live={live} />}
            {item && !item.node && <EdgeWords of={of} edge={item.edge} path={path} live={live} />}
            {!item && at.length > 0 && <strong>{t('diagram.now', { states: at.map((n) => joined(n.title)).join(t('diagram.comma')) })}</strong>}
            {!item &&
                open.map((task) => (
                    <span key={task.kind}>
                        {t('diagram.tasks', { title: nameOf(of, task.kind), state: t(`tasks.${task.state}`), who: task.unit ?? task.org })}
                    </span>
                ))}
            {!item && <span className="no-print">{t('diagram.hint')}</span>}
        </p>
    );
}

const nameOf = (of: Diagram, task: string) => of.nodes.flatMap((n) => n.lines).find((line) => line.kind === 'task' && line.ref === task)?.name ?? task;
