/* The procedure as the pack draws it: where the case is, the way it came, the clock that runs there. The same in words
 * underneath, for those who do not see the picture. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClockView } from '@/api/types.gen';
import { diagram, type DiagramEdge, type DiagramNode, LINE } from '@/lib/diagram';
import { pathOf } from '@/lib/layout';
import { usePacks } from '@/lib/pack';
import type { Way } from '@/lib/timeline';
import { useSpan } from '@/lib/useSpan';
import { ProcedureWords } from './ProcedureWords';
import './procedure.css';

interface Props {
    pack: string;
    state: string;
    way: Way;
    clocks: readonly ClockView[];
    now: number;
}

const MARGIN = 14;

export function Procedure({ pack, state, way, clocks, now }: Props) {
    const { t, i18n } = useTranslation();
    const packs = usePacks();
    const span = useSpan();
    const chart = packs.of(pack);
    const running = clocks.filter((c) => c.state === 'running' && c.due_at != null).sort((a, b) => a.due_at! - b.due_at!)[0];
    const second = running ? `${packs.clock(pack, running.id)} ${t(running.due_at! < now ? 'clock.over' : 'clock.left', { span: span(running.due_at! - now) })}` : null;
    const room = second ? t('clock.left', { span: span(86_400_000 - 60_000) }) + packs.clock(pack, running!.id) : null; /* keeps its size while it counts */
    const drawn = useMemo(
        () => (chart ? diagram(chart, { any: t('diagram.any'), several: (n) => t('diagram.several', { n }) }, (id) => (id === state ? room : null)) : null),
        [chart, state, room === null, i18n.language],
    );
    if (!drawn) return null;
    const { width, height } = drawn;
    return (
        <figure className="procedure">
            <svg viewBox={`${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`} style={{ maxWidth: width + 2 * MARGIN }} role="img" aria-label={t('case.procedure')}>
                <defs>
                    {['', '-taken'].map((kind) => (
                        <marker key={kind} id={`arrow${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto">
                            <path d="M0 .8 7.500 4 0 7.200z" className={`arrow${kind}`} />
                        </marker>
                    ))}
                </defs>
                {drawn.edges.map((e) => (
                    <Edge key={`${e.from}>${e.to}`} of={e} taken={e.pairs.some((pair) => way.pairs.has(pair))} />
                ))}
                {drawn.nodes.map((n) => (
                    <Node key={n.id} of={n} here={n.id === state} passed={way.states.has(n.id)} second={n.id === state ? second : null} />
                ))}
            </svg>
            <ProcedureWords of={drawn} />
        </figure>
    );
}

function Edge({ of, taken }: { of: DiagramEdge; taken: boolean }) {
    const { x, y, w, h } = of.label;
    return (
        <g className={taken ? 'edge edge-taken' : 'edge'}>
            <path d={pathOf(of.points)} markerEnd={taken ? 'url(#arrow-taken)' : 'url(#arrow)'} />
            <rect x={x - w / 2} y={y} width={w} height={h} rx={3} />
            {of.events.map((event, i) => (
                <text key={event} x={x} y={y + 13 + i * LINE}>
                    {event}
                </text>
            ))}
        </g>
    );
}

function Node({ of, here, passed, second }: { of: DiagramNode; here: boolean; passed: boolean; second: string | null }) {
    const { x, y, w, h } = of.box;
    const kind = [of.final && 'node-final', of.sign && 'node-any', here && 'node-here', passed && !here && 'node-passed'];
    return (
        <g className={['node', ...kind.filter(Boolean)].join(' ')}>
            <rect x={x - w / 2} y={y} width={w} height={h} rx={of.sign ? h / 2 : 6} />
            {of.final && <rect className="node-inner" x={x - w / 2 + 3} y={y + 3} width={w - 6} height={h - 6} rx={4} />}
            <text x={x} y={second ? y + 20 : y + h / 2 + 4.5}>
                {passed && !here ? '✓ ' : ''}
                {of.title}
            </text>
            {second && (
                <text className="node-clock" x={x} y={y + 37}>
                    {second}
                </text>
            )}
        </g>
    );
}
