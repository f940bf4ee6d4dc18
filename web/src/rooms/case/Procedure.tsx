/* The procedure of the case's own version as it is drawn for people, with the case in it, and the same in words underneath. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '@/api/types.gen';
import { joined, useDiagram } from '@/lib/chart';
import { usePacks } from '@/lib/pack';
import { pathOf } from '@/lib/path';
import type { Opening, Step } from '@/lib/timeline';
import { ChartDrawing } from '@/parts/ChartDrawing';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { ProcedureWords } from './ProcedureWords';
import './procedure.css';

interface Props {
    opening: Opening;
    steps: readonly Step[];
    view: CaseView | undefined;
    now: number;
}

export function Procedure({ opening, steps, view, now }: Props) {
    const { t } = useTranslation();
    const packs = usePacks();
    const diagram = useDiagram(opening.pack, view?.version ?? opening.version);
    const path = useMemo(() => diagram.data && pathOf(diagram.data, steps), [diagram.data, steps]);
    if (diagram.error) return <Trouble error={diagram.error} retry={() => void diagram.refetch()} />;
    if (!diagram.data || !path) return <Waiting lines={8} />;
    const pack = packs.title(opening.pack);
    const here = diagram.data.nodes.filter((n) => path.active.has(n.id) && n.kind !== 'compound' && n.kind !== 'parallel');
    const states = here.map((n) => joined(n.title)).join(t('diagram.comma'));
    return (
        <figure className="procedure">
            <ChartDrawing
                of={diagram.data}
                title={t('case.procedure')}
                description={`${t('diagram.about', { pack, n: diagram.data.nodes.filter((n) => n.kind !== 'initial' && n.kind !== 'sign').length })} ${t('diagram.now', { states })}`}
                path={path}
                live={view ? { clocks: view.clocks, tasks: view.tasks, now } : null}
            />
            <ProcedureWords of={diagram.data} path={path} />
        </figure>
    );
}
