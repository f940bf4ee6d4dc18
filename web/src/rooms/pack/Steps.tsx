/* Every state, and what may happen in it: by whom, on what condition, what must be brought, where it leads and what it sets
 * going. */
import { useTranslation } from 'react-i18next';
import { say, usePacks } from '@/lib/pack';
import type { Move, Service, Step } from '@/lib/service';
import { Condition } from './Condition';
import { useDeeds } from './useDeeds';
import { useRole } from './useRole';

function MoveLine({ of, move }: { of: Service; move: Move }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const roleOf = useRole(of);
    const deeds = useDeeds(of)(move.does);
    const id = of.pack.id;
    const comma = t('diagram.comma');
    const event = move.events[0] === 'auto' ? t('packs.auto') : move.events.map((e) => packs.event(id, e)).join(comma);
    const needs = move.needs.map((field) => packs.fieldTitle(id, field)).join(comma);
    return (
        <li className="move">
            <strong>{event}</strong>
            <span className="move-who">{move.roles.map(roleOf).join(comma)}</span>
            <span className="move-to">
                → {move.to.length === 0 ? t('packs.stays') : move.to.map((state) => packs.state(id, state)).join(t('packs.and'))}
                {move.internal && <small> {t('packs.within')}</small>}
            </span>
            {move.guard && (
                <span className="move-if">
                    {t('packs.when')} <Condition of={of} text={move.guard} />
                </span>
            )}
            {(needs || move.form || deeds) && (
                <ul className="move-more">
                    {needs && <li>{t('packs.needs', { fields: needs })}</li>}
                    {move.form && (
                        <li>
                            <a href={`#/packs/${id}/forms`}>{t('packs.withForm', { form: move.form })}</a>
                        </li>
                    )}
                    {deeds && <li>{deeds}</li>}
                </ul>
            )}
        </li>
    );
}

function StepBlock({ of, step, first }: { of: Service; step: Step; first: boolean }) {
    const { t } = useTranslation();
    const moves = of.moves.filter((move) => move.from === step.id);
    const kinds = [
        first && 'start',
        step.final && 'final',
        !step.final && step.kind !== 'plain' && step.kind !== 'final' && step.kind,
        step.suspended && 'suspended',
    ].filter((kind) => kind !== false);
    const does = (['entry', 'initial', 'exit'] as const).filter((when) => step.does[when]);
    return (
        <section className={`step-block depth-${Math.min(step.depth, 3)}`} data-state={step.id}>
            <h3>
                {say(step)}
                {kinds.map((kind) => (
                    <span key={kind} className="tag">
                        {t(`packs.kind.${kind}`)}
                    </span>
                ))}
                <span className="mono quiet">{step.id}</span>
            </h3>
            {does.map((when) => (
                <p key={when} className="quiet">
                    {t(`packs.on.${when}`)} <code>{step.does[when]}</code>
                </p>
            ))}
            <ul className="moves">
                {moves.map((move, i) => (
                    <MoveLine key={i} of={of} move={move} />
                ))}
            </ul>
        </section>
    );
}

export function Steps({ of }: { of: Service }) {
    const { t } = useTranslation();
    const anywhere = of.moves.filter((move) => move.from === null);
    return (
        <div className="step-list">
            {of.steps.map((step, i) => (
                <StepBlock key={step.id} of={of} step={step} first={i === 0} />
            ))}
            {anywhere.length > 0 && (
                <section className="step-block" data-state="*">
                    <h3>{t('packs.anywhere')}</h3>
                    <ul className="moves">
                        {anywhere.map((move, i) => (
                            <MoveLine key={i} of={of} move={move} />
                        ))}
                    </ul>
                </section>
            )}
        </div>
    );
}
