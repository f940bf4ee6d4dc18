/* A line from step to step: its text, and when the case took it, which of its moves that was. */
import type { DiagramEdge } from '@/api/types.gen';
import { widthOf } from './width';
import { SMALL_STEP, TEXT_STEP } from './ChartNode';

export function EdgeLine({ of, tip }: { of: DiagramEdge; tip: string }) {
    return <path className="edge-line" d={of.path} markerEnd={`url(#${tip})`} />;
}

export function EdgeText({ of }: { of: DiagramEdge }) {
    if (!of.label) return null;
    const [x = 0, y = 0, w = 0, h = 0] = of.label;
    const below = y + 1 + of.lines.length * TEXT_STEP;
    return (
        <>
            <rect className="edge-back" x={x} y={y} width={w} height={h} rx={3} />
            {of.lines.map((line, i) => (
                <text key={i} className="edge-event" x={x + w / 2} y={y + 13 + i * TEXT_STEP}>
                    {line}
                </text>
            ))}
            {of.small.map((line, i) => (
                <text key={i} className="line" x={x + w / 2} y={below + 11 + i * SMALL_STEP}>
                    {line}
                </text>
            ))}
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
