/* A line from step to step: its text, and when the case took it, which of its moves that was. */
import type { DiagramEdge } from '@/api/types.gen';
import { widthOf } from './width';
import { SMALL_STEP, TEXT_STEP } from './ChartNode';

export function EdgeLine({ of, tip }: { of: DiagramEdge; tip: string }) {
    return <path className="edge-line" d={of.path} markerEnd={`url(#${tip})`} />;
}

/* `within`: it lies in a box, whose ground is another. */
export function EdgeText({ of, within }: { of: DiagramEdge; within: boolean }) {
    if (!of.label) return null;
    const [x = 0, y = 0, w = 0, h = 0] = of.label;
    let at = y + 1;
    return (
        <>
            <rect className={within ? 'edge-back edge-back-within' : 'edge-back'} x={x} y={y} width={w} height={h} rx={3} />
            {of.lines.map((line, i) => {
                const top = at;
                at += line.kind === 'event' ? TEXT_STEP : SMALL_STEP;
                return (
                    <text key={i} className={line.kind === 'event' ? 'edge-event' : 'line'} x={x + w / 2} y={top + (line.kind === 'event' ? 12 : 11)}>
                        {line.text}
                    </text>
                );
            })}
        </>
    );
}

const SHOWN = 3; /* of more moves: the last, and how many */

/* On its own line, just above its text: it hides nothing of others. */
export function EdgeNumbers({ of, numbers, last }: { of: DiagramEdge; numbers: readonly number[]; last: boolean }) {
    if (!of.label) return null;
    const [x = 0, y = 0, w = 0] = of.label;
    const text = numbers.length > SHOWN ? `${numbers.at(-1)} ×${numbers.length}` : numbers.join(' ');
    const width = Math.max(15, widthOf(text, 10) + 9);
    return (
        <g className={last ? 'edge-number edge-number-last' : 'edge-number'} transform={`translate(${x + w / 2} ${y - 6})`}>
            <rect x={-width / 2} y={-7} width={width} height={14} rx={7} />
            <text y={3.6}>{text}</text>
        </g>
    );
}
