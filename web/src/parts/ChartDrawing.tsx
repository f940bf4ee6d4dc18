/* The drawing of a procedure as the server laid it out (engine/draw): for a pack by itself, or with a case in it - where it is,
 * the way it came with its moves counted, its clocks and tasks. Steps and lines can be chosen by mouse and keys and say
 * beneath what they are; the same in words is the room's business. */
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagram } from '@/api/types.gen';
import { eventsOf, type Item, itemsOf, joined, keyOf, type Live, titleOf } from '@/lib/chart';
import type { Path } from '@/lib/path';
import { ChartDetails } from './chart/ChartDetails';
import { EdgeLine, EdgeNumbers, EdgeText } from './chart/ChartEdge';
import { holds, NodeHead, NodeShape, PassedMark } from './chart/ChartNode';
import { useView } from './chart/useView';
import './chart/chart.css';

interface Props {
    of: Diagram;
    title: string;
    description: string;
    path?: Path | null;
    live?: Live | null;
}

const MARGIN = 14;
const NEXT: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

const lies = ([x = 0, y = 0]: readonly number[], [left = 0, top = 0, w = 0, h = 0]: readonly number[]) => x > left && y > top && x < left + w && y < top + h;

export function ChartDrawing({ of, title, description, path = null, live = null }: Props) {
    const { t } = useTranslation();
    const id = useId();
    const frame = useRef<HTMLDivElement>(null);
    const drawing = useRef<SVGSVGElement>(null);
    const [whole, setWhole] = useState(false);
    const [chosen, choose] = useState<string | null>(null);
    const [width, height] = [of.width + 2 * MARGIN, of.height + 2 * MARGIN];
    const view = useView(frame, { w: width, h: height });
    const items = useMemo(() => itemsOf(of), [of]);
    const item = items.find((i) => keyOf(i) === chosen) ?? null;
    const here = of.nodes.filter((n) => path?.active.has(n.id) && !holds(n.kind));
    const entry = chosen ?? (here[0] ? `n:${here[0].id}` : items[0] && keyOf(items[0])); /* where Tab comes in */

    /* The case's place comes into sight when it changes; of several, their middle. */
    const spot = here.map((n) => n.id).join(' ');
    useEffect(() => {
        const middle = (at: 0 | 1) => {
            const [low, high] = [Math.min(...here.map((n) => n.box[at]!)), Math.max(...here.map((n) => n.box[at]! + n.box[at + 2]!))];
            return (low + high) / 2 + MARGIN;
        };
        if (here.length > 0) view.show(middle(0), middle(1));
    }, [spot, of, whole]);

    const onKeyDown = (e: KeyboardEvent) => {
        const by = NEXT[e.key];
        if (e.key === 'Escape') (whole ? setWhole(false) : choose(null));
        else if (!by || !chosen) return view.onKeyDown(e);
        else {
            e.preventDefault();
            const next = items[(items.findIndex((i) => keyOf(i) === chosen) + by + items.length) % items.length]!;
            drawing.current?.querySelector<SVGElement>(`[data-item="${CSS.escape(keyOf(next))}"]`)?.focus();
        }
    };
    const shown = (of_: Item) => {
        const key = keyOf(of_);
        return { 'data-item': key, tabIndex: key === entry ? 0 : -1, role: 'img', onFocus: () => choose(key), onClick: () => choose(key) };
    };
    const comma = t('diagram.comma');
    const regions = new Set(of.nodes.filter((n) => n.kind === 'parallel').map((n) => n.id));
    const nodeClass = (n: Diagram['nodes'][number]) => {
        const [active, passed] = [path?.active.has(n.id), path?.passed.has(n.id)];
        return `node node-is-${n.kind}${active ? ' node-here' : passed ? ' node-passed' : ''}${chosen === `n:${n.id}` ? ' chosen' : ''}`;
    };
    const outer = of.nodes.filter((n) => holds(n.kind));
    const last = path?.moves.length ?? 0;
    const edges = of.edges.map((e, edge) => {
        const numbers = path?.taken.get(edge) ?? [];
        const begun = numbers.length === 0 && e.refs.length === 0 && e.from.startsWith('.') && path?.passed.has(e.to);
        const isLast = last > 0 && numbers.at(-1) === last;
        const kind = isLast ? ' edge-taken edge-last' : numbers.length > 0 ? ' edge-taken' : begun ? ' edge-begun' : '';
        return { e, edge, numbers, isLast, kind: `edge${kind}${chosen === `e:${edge}` ? ' chosen' : ''}`, tip: `${id}tip${kind === '' ? '' : '-taken'}` };
    });
    return (
        <div className={whole ? 'chart chart-whole' : 'chart'} onKeyDown={onKeyDown}>
            <div className="chart-tools no-print" role="toolbar" aria-label={title}>
                <button type="button" onClick={view.smaller} aria-label={t('diagram.zoomOut')} title={t('diagram.zoomOut')}>
                    −
                </button>
                <span aria-hidden="true">{Math.round(view.scale * 100)}%</span>
                <button type="button" onClick={view.larger} aria-label={t('diagram.zoomIn')} title={t('diagram.zoomIn')}>
                    ＋
                </button>
                <button type="button" onClick={view.fit}>
                    {t('diagram.fit')}
                </button>
                <button type="button" aria-pressed={whole} onClick={() => setWhole(!whole)}>
                    {t(whole ? 'diagram.back' : 'diagram.whole')}
                </button>
            </div>
            <div className="chart-frame" ref={frame} onPointerDown={view.onPointerDown} onPointerMove={view.onPointerMove} onPointerUp={view.onPointerUp}>
                <svg
                    ref={drawing}
                    viewBox={`${-MARGIN} ${-MARGIN} ${width} ${height}`}
                    style={{ width: width * view.scale, height: height * view.scale }}
                    role="group"
                    aria-labelledby={`${id}title`}
                    aria-describedby={`${id}desc`}
                >
                    <title id={`${id}title`}>{title}</title>
                    <desc id={`${id}desc`}>{description}</desc>
                    <defs>
                        {['', '-taken'].map((kind) => (
                            <marker key={kind} id={`${id}tip${kind}`} viewBox="0 0 8 8" refX="7.400" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto">
                                <path d="M0 .8 7.500 4 0 7.200z" className={`tip${kind}`} />
                            </marker>
                        ))}
                    </defs>
                    {outer.map((n) => (
                        <g key={n.id} className={nodeClass(n)}>
                            <NodeShape of={n} region={regions.has(n.parent ?? '')} />
                        </g>
                    ))}
                    {(of.parts as unknown as [number, number, number, number][]).map(([x1, y1, x2, y2]) => (
                        <line key={`${x1} ${y1}`} className="chart-part" x1={x1} y1={y1} x2={x2} y2={y2} />
                    ))}
                    {edges.map(({ e, edge, kind, tip }) => (
                        <g key={edge} className={kind} onClick={() => e.label && choose(`e:${edge}`)}>
                            <EdgeLine of={e} tip={tip} />
                        </g>
                    ))}
                    {of.nodes.map((n) => (
                        <g key={n.id} className={nodeClass(n)} {...(n.kind === 'initial' ? {} : shown({ node: n }))} aria-label={joined(n.title)}>
                            {!holds(n.kind) && <NodeShape of={n} region={false} />}
                            <NodeHead of={n} here={path?.active.has(n.id) ?? false} live={live} />
                            {n.kind !== 'history' && path?.passed.has(n.id) && !path.active.has(n.id) && <PassedMark of={n} />}
                        </g>
                    ))}
                    {edges.filter(({ e }) => e.label).map(({ e, edge, kind, numbers, isLast }) => (
                        <g
                            key={edge}
                            className={kind}
                            {...shown({ edge })}
                            aria-label={t('diagram.describe', { from: titleOf(of, e.from, comma), to: titleOf(of, e.to, comma), events: eventsOf(e) })}
                        >
                            <EdgeText of={e} within={outer.some((n) => lies(e.label!, n.box))} />
                            {numbers.length > 0 && <EdgeNumbers of={e} numbers={numbers} last={isLast} />}
                        </g>
                    ))}
                </svg>
            </div>
            <ChartDetails of={of} item={item} path={path} live={live} />
        </div>
    );
}
