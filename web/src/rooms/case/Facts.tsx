/* The open facts: who is responsible, when, and what the pack's fields hold. */
import { useTranslation } from 'react-i18next';
import type { CaseView, JsonObject } from '@/api/types.gen';
import { useAreaName } from '@/lib/areas';
import { useOrgs } from '@/lib/orgs';
import { usePacks } from '@/lib/pack';
import { formatFull } from '@/lib/time';
import { Panel } from '@/parts/Panel';

export function Facts({ of }: { of: CaseView }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const orgs = useOrgs();
    const areaName = useAreaName();
    const { brief } = of;
    const facts = Object.entries((of.facts ?? {}) as JsonObject).filter(([id]) => packs.field(brief.pack, id));
    return (
        <Panel title={t('case.facts')}>
            <dl className="facts">
                {facts.map(([id, value]) => (
                    <Fact key={id} title={packs.fieldTitle(brief.pack, id)} value={packs.value(brief.pack, id, value)} />
                ))}
                <Fact title={t('case.org')} value={orgs.name(brief.org)} />
                <Fact title={t('case.area')} value={areaName(brief.area)} />
                <Fact title={t('case.openedAt')} value={formatFull(brief.opened_at)} />
                <Fact title={t('case.movedAt')} value={formatFull(brief.moved_at)} />
                {brief.closed_at != null && <Fact title={t('case.closedAt')} value={formatFull(brief.closed_at)} />}
            </dl>
        </Panel>
    );
}

function Fact({ title, value }: { title: string; value: string }) {
    return (
        <>
            <dt>{title}</dt>
            <dd>{value || '—'}</dd>
        </>
    );
}
