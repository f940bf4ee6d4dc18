/* What a drawing of a procedure says of itself: the server lays it out (engine/draw), in the language asked for; here is its
 * query, its texts put together again, and what stands in its lines while a case runs. */
import { useQuery } from '@tanstack/react-query';
import type { ClockView, Diagram, DiagramEdge, DiagramLine, DiagramNode, TaskView } from '@/api/types.gen';
import { get } from './api';
import { lang } from './i18n';
import { keysOf } from './keysOf';

/* A case stays on the version of the procedure it began with; "": the one new cases get. */
export function useDiagram(pack: string, version: string) {
    const spoken = lang();
    return useQuery({
        queryKey: keysOf.diagram(pack, version, spoken),
        queryFn: () => get<Diagram>(`/api/packs/${pack}/diagram`, { lang: spoken, ...(version && { version }) }),
        enabled: pack !== '',
        staleTime: Infinity,
    });
}

/* Lines that were broken to fit, as one text: Chinese without a gap. */
export const joined = (lines: readonly string[]) =>
    lines.reduce((all, line) => (/[\u2e80-\uffff]$/.test(all) && /^[\u2e80-\uffff]/.test(line) ? all + line : `${all} ${line}`));

export type Item = { node: DiagramNode; edge?: undefined } | { node?: undefined; edge: number };
export const keyOf = (item: Item) => (item.node ? `n:${item.node.id}` : `e:${item.edge}`);

/* In the order in which people read them: a step, then the ways out of it. */
export function itemsOf(of: Diagram): Item[] {
    const out: Item[] = [];
    for (const node of of.nodes) {
        if (node.kind !== 'initial') out.push({ node });
        of.edges.forEach((e, edge) => {
            if (e.from === node.id && e.label) out.push({ edge });
        });
    }
    return out;
}

/* "a", or of a sign that stands for several: "a、b、c". */
export function titleOf(of: Diagram, id: string, comma: string): string {
    const node = of.nodes.find((n) => n.id === id);
    if (!node) return id;
    const several = node.kind === 'sign' ? node.lines.filter((line) => line.ref).map((line) => line.text) : [];
    return several.length > 0 ? several.join(comma) : joined(node.title);
}

/* A box's lines as they are said, those of an event that stays whole and once. */
export const wholeLines = (lines: readonly DiagramLine[]): DiagramLine[] =>
    lines.flatMap((line) => (line.kind !== 'stay' ? [line] : line.name ? [{ ...line, text: line.name }] : []));

/* "event [condition] / event": whole texts, which stand by the line where each begins. */
export const eventsOf = (edge: DiagramEdge) =>
    edge.lines.filter((line) => line.name).reduce((all, line) => `${all}${all === '' ? '' : line.kind === 'event' ? ' / ' : ' '}${line.name}`, '');

export interface Live {
    clocks: readonly ClockView[];
    tasks: readonly TaskView[];
    now: number;
}

export type ClockTone = 'running' | 'paused' | 'late' | 'stopped';
export interface LiveClock {
    tone: ClockTone;
    span: number;
}

/* How a clock stands: what is left of it, what it is over, or what it took. A running one where the case is not: nothing. */
export function clockNow(clock: ClockView, here: boolean, now: number): LiveClock | null {
    if (clock.state === 'paused') return { tone: 'paused', span: Math.max(clock.budget - clock.consumed, 0) };
    if (clock.state === 'stopped') return { tone: clock.expired ? 'late' : 'stopped', span: clock.expired ? clock.consumed - clock.budget : clock.consumed };
    if (clock.state !== 'running' || clock.due_at == null || !here) return null;
    const left = clock.due_at - now;
    return { tone: left < 0 ? 'late' : 'running', span: Math.abs(left) };
}

export const isOpen = (task: TaskView) => task.state === 'offered' || task.state === 'accepted';

/* The line's clock or task, as it stands now; null: as it is drawn. */
export function liveOf(line: DiagramLine, here: boolean, live: Live): { clock: LiveClock } | { task: TaskView } | null {
    if (line.kind === 'clock') {
        const clock = live.clocks.find((c) => c.id === line.ref);
        const now = clock && clockNow(clock, here, live.now);
        return now ? { clock: now } : null;
    }
    const task = line.kind === 'task' && here ? live.tasks.find((t) => t.kind === line.ref && isOpen(t)) : undefined;
    return task ? { task } : null;
}
