/* What somebody may do with a case now, as buttons: one tap when nothing has to be said, a form when something has. On the cards
 * of tasks (`big`) what need not be said is not asked, and where one choice is all that must be, the choices stand open. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fired, JsonObject, Offer } from '@/api/types.gen';
import { write } from '@/lib/api';
import { missing } from '@/lib/form';
import { keysOf } from '@/lib/keysOf';
import { usePacks } from '@/lib/pack';
import { isOfTwo, type OfTwo } from '@/lib/relations';
import { useWrite } from '@/lib/useWrite';
import { wayForward } from '@/lib/wayForward';
import { FireDialog } from './FireDialog';
import { QuickOffer, useQuick } from './QuickOffer';
import { RelateDialog } from './RelateDialog';
import { useSay } from './Trouble';
import './offers.css';

interface Props {
    caseId: string;
    pack: string;
    state: string;
    offers: readonly Offer[];
    big?: boolean;
}

export function Offers({ caseId, pack, state, offers, big = false }: Props) {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const client = useQueryClient();
    const packs = usePacks();
    const say = useSay();
    const quick = useQuick(pack);
    const [asked, setAsked] = useState<{ offer: Offer; said: JsonObject } | null>(null);
    const [relating, setRelating] = useState<OfTwo | null>(null);
    const fire = useWrite(
        (input: { event: string; fields?: JsonObject }, key) => write<Fired>('POST', `/api/cases/${caseId}/events`, input, key),
        (_, input) => {
            setAsked(null);
            message.success(t('fire.done', { event: packs.event(pack, input.event) }));
            for (const queryKey of [['case', caseId], keysOf.timeline(caseId), keysOf.tasks]) void client.invalidateQueries({ queryKey });
        },
    );
    const main = wayForward(packs.of(pack)?.states ?? [], state, offers);
    const inOrder = main ? [main, ...offers.filter((offer) => offer !== main)] : offers;
    const schemaOf = (offer: Offer) => (offer.form ? packs.of(pack)?.forms.get(offer.form) : undefined);
    const known = (offer: Offer) => !offer.form || schemaOf(offer) !== undefined;
    const lacks = (offer: Offer, said: JsonObject) => missing(schemaOf(offer), offer.needs, said);
    const ask = (offer: Offer, said: JsonObject = {}) => {
        fire.reset();
        setAsked({ offer, said });
    };
    const send = (offer: Offer, fields?: JsonObject) => {
        fire.reset();
        fire.mutate(
            { event: offer.event, fields },
            { onError: (error) => void message.error([say(error).what, say(error).hint].filter(Boolean).join(' · ')) },
        );
    };
    const optional = (offer: Offer) => big && offer.form != null && known(offer) && lacks(offer, {}).length === 0;
    const tap = (offer: Offer) => {
        if (isOfTwo(offer.event)) setRelating(offer.event);
        else if (optional(offer)) send(offer);
        else if (offer.needs.length > 0 || offer.form) ask(offer);
        else send(offer);
    };
    /* The one field that the way forward must be told, when it is a choice. */
    const only = (offer: Offer) => {
        const [id, ...others] = big && offer === main && known(offer) && !isOfTwo(offer.event) ? lacks(offer, {}) : [];
        return id && others.length === 0 && quick(schemaOf(offer), id) ? id : undefined;
    };
    const sending = (offer: Offer) => fire.isPending && fire.variables?.event === offer.event;
    const one = (offer: Offer) => {
        const id = only(offer);
        if (id)
            return (
                <QuickOffer
                    key={offer.event}
                    pack={pack}
                    offer={offer}
                    schema={schemaOf(offer)}
                    id={id}
                    said={sending(offer) ? fire.variables?.fields : undefined}
                    choose={(said) => (lacks(offer, said).length === 0 ? send(offer, said) : ask(offer, said))}
                    more={() => ask(offer)}
                />
            );
        return (
            <Fragment key={offer.event}>
                <Button
                    data-event={offer.event}
                    type={offer === main ? 'primary' : 'default'}
                    size={big ? 'large' : 'medium'}
                    disabled={fire.isPending}
                    loading={sending(offer)}
                    onClick={() => tap(offer)}
                >
                    {packs.event(pack, offer.event)}
                </Button>
                {optional(offer) && (
                    <Button type="link" className="offers-more" disabled={fire.isPending} onClick={() => ask(offer)} data-more={offer.event}>
                        {t('fire.more')}
                    </Button>
                )}
            </Fragment>
        );
    };
    return (
        <div className={big ? 'offers offers-big' : 'offers'}>
            {inOrder.map(one)}
            {relating && <RelateDialog caseId={caseId} event={relating} title={packs.event(pack, relating)} close={() => setRelating(null)} />}
            {asked && (
                <FireDialog
                    pack={pack}
                    offer={asked.offer}
                    said={asked.said}
                    busy={fire.isPending}
                    error={fire.error}
                    quick={big}
                    send={(fields) => fire.mutate({ event: asked.offer.event, fields })}
                    close={() => setAsked(null)}
                />
            )}
        </div>
    );
}
