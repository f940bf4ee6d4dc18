/* Cases that belong to this one: the one it follows, those it leads, its parts and where it came from. Shown only when there
 * are any, or some that may be the same matter. */
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CaseBrief } from '@/api/types.gen';
import { usePacks } from '@/lib/pack';
import { useRelations } from '@/lib/relations';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import './relations.css';

function Other({ of, kind, ended = false }: { of: CaseBrief; kind: string; ended?: boolean }) {
    const { t } = useTranslation();
    const packs = usePacks();
    return (
        <li className={ended ? 'relation relation-ended' : 'relation'}>
            <b>{t(`relation.kind.${kind}`)}</b>
            <Link href={`/cases/${of.id}`}>{of.number}</Link>
            <span>{of.title}</span>
            <span className="quiet">
                {packs.state(of.pack, of.state)}
                {ended && ` · ${t('relation.ended')}`}
            </span>
        </li>
    );
}

export function Relations({ caseId }: { caseId: string }) {
    const { t } = useTranslation();
    const { data, error, refetch } = useRelations(caseId);
    const related = data?.relations ?? [];
    const known = new Set(related.map((r) => r.brief.id));
    const proposals = (data?.proposals ?? []).filter((p) => !known.has(p.id));
    if (!error && related.length + proposals.length === 0) return null;
    return (
        <Panel title={t('relation.title')}>
            {error && <Trouble error={error} retry={() => void refetch()} />}
            <ul className="relations">
                {related.map((r) => (
                    <Other key={`${r.kind}${r.brief.id}${r.at}`} of={r.brief} kind={r.kind} ended={r.ended_at != null} />
                ))}
                {proposals.map((p) => (
                    <Other key={p.id} of={p} kind="proposal" />
                ))}
            </ul>
        </Panel>
    );
}
