/* A step: a box with its title and lines. A box that holds others is drawn apart from its title, so that lines within lie
 * between the two. */
import { useTranslation } from 'react-i18next';
import type { DiagramLine, DiagramNode } from '@/api/types.gen';
import { type Live, liveOf } from '@/lib/chart';
import { useSpan } from '@/lib/useSpan';

export const TITLE_STEP = 19; /* as the layout counts (engine/draw/inside.h) */
export const SMALL_STEP = 14;
export const TEXT_STEP = 15;

export const holds = (kind: string) => kind === 'compound' || kind === 'parallel';

export function NodeShape({ of, region }: { of: DiagramNode; region: boolean }) {
    const [x = 0, y = 0, width = 0, height = 0] = of.box;
    if (of.kind === 'initial') return <circle className="node-dot" cx={x + width / 2} cy={y + height / 2} r={width / 2} />;
    const round = of.kind === 'sign' || of.kind === 'history';
    const radius = round ? Math.min(height / 2, 17) : holds(of.kind) ? 10 : 7;
    return (
        <>
            <rect className={region ? 'node-region' : 'node-box'} x={x} y={y} width={width} height={height} rx={radius} />
            {of.kind === 'final' && <rect className="node-ring" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={5} />}
        </>
    );
}

function Line({ of, here, live, x, y }: { of: DiagramLine; here: boolean; live: Live | null; x: number; y: number }) {
    const { t } = useTranslation();
    const span = useSpan();
    const now = live && liveOf(of, here, live);
    const title = of.name ?? '';
    const text = !now
        ? of.text
        : 'clock' in now
          ? t(`diagram.clock.${now.clock.tone}`, { title, span: span(now.clock.span) })
          : t('diagram.task', { title, state: t(`tasks.${now.task.state}`) });
    const tone = !now ? '' : 'clock' in now ? `line-live line-${now.clock.tone}` : 'line-live';
    return (
        <text className={`line line-is-${of.kind} ${tone}`} x={x} y={y}>
            {text}
        </text>
    );
}

export function NodeHead({ of, here, live }: { of: DiagramNode; here: boolean; live: Live | null }) {
    const [x = 0, y = 0, w = 0] = of.head;
    const middle = x + w / 2;
    const below = y + of.title.length * TITLE_STEP;
    return (
        <>
            {of.title.map((line, i) => (
                <text key={i} className="node-title" x={middle} y={y + 14 + i * TITLE_STEP}>
                    {line}
                </text>
            ))}
            {of.lines.map((line, i) => (
                <Line key={i} of={line} here={here} live={live} x={middle} y={below + 11 + i * SMALL_STEP} />
            ))}
        </>
    );
}

/* At the middle of the left side, where no line begins or ends. */
export function PassedMark({ of }: { of: DiagramNode }) {
    const [x = 0, y = 0, , h = 0] = of.box;
    const at = holds(of.kind) ? (of.head[1] ?? 0) + 10 : y + h / 2;
    return (
        <g className="node-mark" transform={`translate(${x} ${at})`}>
            <circle r={7} />
            <path d="M-3.200 .2-.9 2.600 3.400-2.400" />
        </g>
    );
}
