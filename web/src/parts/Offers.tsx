/* What somebody may do with a case now, as buttons: one tap when nothing has to be said, a form when something has. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fired, JsonObject, Offer } from '@/api/types.gen';
import { write } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { usePacks } from '@/lib/pack';
import { isOfTwo, type OfTwo } from '@/lib/relations';
import { useWrite } from '@/lib/useWrite';
import { wayForward } from '@/lib/wayForward';
import { FireDialog } from './FireDialog';
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
    const [asked, setAsked] = useState<Offer | null>(null);
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
    const tap = (offer: Offer) => {
        fire.reset();
        if (isOfTwo(offer.event)) setRelating(offer.event);
        else if (offer.needs.length > 0 || offer.form) setAsked(offer);
        else
            fire.mutate(
                { event: offer.event },
                { onError: (error) => void message.error([say(error).what, say(error).hint].filter(Boolean).join(' · ')) },
            );
    };
    return (
        <div className={big ? 'offers offers-big' : 'offers'}>
            {inOrder.map((offer) => (
                <Button
                    key={offer.event}
                    data-event={offer.event}
                    type={offer === main ? 'primary' : 'default'}
                    size={big ? 'large' : 'medium'}
                    disabled={fire.isPending}
                    loading={fire.isPending && fire.variables?.event === offer.event}
                    onClick={() => tap(offer)}
                >
                    {packs.event(pack, offer.event)}
                </Button>
            ))}
            {relating && <RelateDialog caseId={caseId} event={relating} title={packs.event(pack, relating)} close={() => setRelating(null)} />}
            {asked && (
                <FireDialog
                    pack={pack}
                    offer={asked}
                    busy={fire.isPending}
                    error={fire.error}
                    quick={big}
                    send={(fields) => fire.mutate({ event: asked.event, fields })}
                    close={() => setAsked(null)}
                />
            )}
        </div>
    );
}
