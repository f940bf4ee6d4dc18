/* Personal data, as far as the chosen purpose lets one see it: whole, masked, or only that it is on file. */
import { useTranslation } from 'react-i18next';
import type { CaseView, JsonObject } from '@/api/types.gen';
import { usePacks } from '@/lib/pack';
import { Icon } from '@/parts/Icon';
import { Panel } from '@/parts/Panel';

export function PrivateFacts({ of }: { of: CaseView }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const facts = Object.entries((of.private ?? {}) as JsonObject);
    const { pack } = of.brief;
    return (
        <Panel
            className="panel-private"
            title={
                <>
                    <Icon name="lock" size={14} /> {t('case.private')}
                </>
            }
        >
            {facts.length === 0 ? (
                <p className="panel-none">{t('case.noPrivate')}</p>
            ) : (
                <dl className="facts">
                    {facts.map(([id, value]) => (
                        <div key={id} className="fact-row">
                            <dt>{packs.fieldTitle(pack, id)}</dt>
                            <dd>{value === true && packs.field(pack, id)?.type !== 'bool' ? t('case.exists') : packs.value(pack, id, value)}</dd>
                        </div>
                    ))}
                </dl>
            )}
            <p className="panel-foot">{t('case.privateHint')}</p>
        </Panel>
    );
}
