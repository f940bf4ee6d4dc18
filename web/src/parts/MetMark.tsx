/* Met or not: a tick or a cross, and the word. */
import { useTranslation } from 'react-i18next';
import { Icon } from '@/parts/Icon';
import { met, type Shown } from '@/lib/figure';

export function MetMark({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const is = met(of);
    if (is === null) return null;
    return (
        <span className={is ? 'met' : 'not-met'}>
            <Icon name={is ? 'check' : 'cross'} size={13} /> {t(is ? 'indicators.met' : 'indicators.notMet')}
        </span>
    );
}
