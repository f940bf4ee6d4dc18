/* A step that must be told one thing only, chosen from a few: the choices stand open, and the one that is tapped is the deed. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { JsonObject, Offer } from '@/api/types.gen';
import { usePacks } from '@/lib/pack';
import { FieldInput, isChoice } from './FieldInput';
import { useField } from './useField';

const FEW = 12;

interface Props {
    pack: string;
    offer: Offer;
    schema: JsonObject | undefined;
    id: string; /* of the field */
    said: JsonObject | undefined; /* while it is being sent */
    choose: (said: JsonObject) => void;
    more: () => void;
}

export const useQuick = (pack: string) => {
    const fieldOf = useField(pack);
    return (schema: JsonObject | undefined, id: string) => {
        const { field, codes } = fieldOf(schema, id);
        return isChoice(field, codes, FEW);
    };
};

export function QuickOffer({ pack, offer, schema, id, said, choose, more }: Props) {
    const { t } = useTranslation();
    const packs = usePacks();
    const { field, codes } = useField(pack)(schema, id);
    return (
        <fieldset className="quick" data-event={offer.event} disabled={said !== undefined}>
            <legend>
                {packs.event(pack, offer.event)} <span className="quiet">{packs.fieldTitle(pack, id)}</span>
            </legend>
            <FieldInput field={field} codes={codes} few={FEW} value={said?.[id] as string | undefined} onChange={(value) => said === undefined && choose({ [id]: value ?? null })} />
            <Button type="link" size="small" onClick={more} data-more={offer.event}>
                {t('fire.more')}
            </Button>
        </fieldset>
    );
}
