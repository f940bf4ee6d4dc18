/* The seven stages as one closed line: what the house is for, drawn beside its door. */
import { useTranslation } from 'react-i18next';

const STAGES = ['intake', 'fuse', 'lead', 'dispatch', 'supervise', 'close', 'measure'] as const;
const R = 172;

export function LoopDrawing() {
    const { t } = useTranslation();
    const at = (i: number, r: number) => {
        const angle = (i / STAGES.length) * 2 * Math.PI - Math.PI / 2;
        return { x: Math.cos(angle) * r, y: Math.sin(angle) * r };
    };
    return (
        <svg className="loop" viewBox="-300 -260 600 520" aria-hidden="true">
            <circle r={R} className="loop-line" />
            <circle r={R - 40} className="loop-faint" />
            <circle r={R + 40} className="loop-faint" />
            <circle r={R} className="loop-run" pathLength={100} />
            {STAGES.map((stage, i) => {
                const dot = at(i, R);
                const label = at(i, R + 40);
                const side = Math.abs(label.x) < 20 ? 'middle' : label.x > 0 ? 'start' : 'end';
                return (
                    <g key={stage}>
                        <circle cx={dot.x} cy={dot.y} r={8} className="loop-stage" />
                        <text x={label.x} y={label.y + 5} textAnchor={side}>
                            {t(`stage.${stage}`)}
                        </text>
                    </g>
                );
            })}
            <text className="loop-name" y={10} textAnchor="middle">
                {t('app.name')}
            </text>
        </svg>
    );
}
