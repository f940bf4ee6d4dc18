/* One event: what, by whom, what it brought. */
import { useTranslation } from 'react-i18next';
import { usePacks } from '@/lib/pack';
import { formatMinute, formatNear, formatShort } from '@/lib/time';
import type { Step } from '@/lib/timeline';
import { useKind } from '@/lib/useKind';
import { useNote } from '@/lib/useNote';

export function TimelineRow({ of, pack }: { of: Step; pack: string }) {
    const { t, i18n } = useTranslation();
    const packs = usePacks();
    const kind = useKind();
    const note = useNote();
    const role = of.role && i18n.exists(`role.${of.role}`) ? t(`role.${of.role}`) : of.role;
    const [kindOfActor = ''] = of.actor.split(':'); /* "system:document", "resident" */
    const actor = !role && i18n.exists(`role.${kindOfActor}`) ? t(`role.${kindOfActor}`) : of.actor;
    const facts = Object.entries(of.kind === 'case.migrated' ? {} : of.facts).filter(([id, value]) => value !== null && packs.field(pack, id));
    const title = of.event ? packs.event(pack, of.event) : '';
    const ours = title === of.event && i18n.exists(`relation.event.${of.event}`); /* beside the pack's own events */
    const event = ours ? t(`relation.event.${of.event}`) : title;
    const rung = of.kind === 'case.rung';
    const paper = of.document;
    const looked = !of.moved && (!paper || ['document.linked', 'document.shown'].includes(of.kind));
    return (
        <li className={rung ? 'step step-rung' : looked ? 'step step-read' : 'step'}>
            <time>{formatShort(of.at)}</time>
            <div>
                <strong>
                    {of.moved && of.event && of.kind === 'case.moved' ? event : kind(of.kind)}
                    {rung && of.clock && ` · ${packs.clock(pack, of.clock)} ${of.percent}%`}
                </strong>
                {of.moved && of.to && of.to !== of.from && <span className="step-to"> → {packs.state(pack, of.to)}</span>}
                <p className="quiet">
                    {role && role !== of.actor ? `${role} · ` : ''}
                    {actor}
                    <span className="step-seq"> · No. {of.seq}</span>
                </p>
                {paper && (
                    <p>
                        {[
                            packs.document(pack, paper.id),
                            paper.version !== null && t('document.version', { version: paper.version }),
                            paper.signer && packs.signer(pack, paper.id, paper.signer),
                        ]
                            .filter(Boolean)
                            .join(' · ')}
                    </p>
                )}
                {of.deadlines.length > 0 && <p>{of.deadlines.map((d) => `${packs.clock(pack, d.clock)} ${t('clock.due', { at: formatNear(d.due, of.at) })}`).join(' · ')}</p>}
                {of.happened !== null && <p>{t('case.happened', { at: formatNear(of.happened, of.at), received: formatMinute(of.at) })}</p>}
                {of.note && <p>{note(of.note)}</p>}
                {facts.length > 0 && (
                    <p className="step-facts">
                        {facts.map(([id, value]) => (
                            <span key={id}>
                                {t('case.fact', { title: packs.fieldTitle(pack, id), value: packs.value(pack, id, value) })}
                            </span>
                        ))}
                    </p>
                )}
            </div>
        </li>
    );
}
