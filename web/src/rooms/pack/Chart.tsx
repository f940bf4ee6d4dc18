/* The procedure as the server draws it, without any case in it. */
import { useTranslation } from 'react-i18next';
import { useDiagram } from '@/lib/chart';
import { say } from '@/lib/pack';
import type { Service } from '@/lib/service';
import { ChartDrawing } from '@/parts/ChartDrawing';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';

export function Chart({ of }: { of: Service }) {
    const { t } = useTranslation();
    const diagram = useDiagram(of.pack.id, of.pack.version);
    if (diagram.error) return <Trouble error={diagram.error} retry={() => void diagram.refetch()} />;
    if (!diagram.data) return <Waiting lines={8} />;
    const pack = say(of.pack);
    return <ChartDrawing of={diagram.data} title={t('packs.section.chart')} description={t('diagram.about', { pack, n: of.steps.length })} />;
}
