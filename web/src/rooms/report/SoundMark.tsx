/* Is the edition what the ledger gave when it was frozen, to the byte? */
import { useTranslation } from 'react-i18next';
import { Icon } from '@/parts/Icon';

export function SoundMark({ is }: { is: boolean }) {
    const { t } = useTranslation();
    return (
        <span className={is ? 'met' : 'not-met'} title={t(is ? 'report.soundHint' : 'report.unsoundHint')}>
            <Icon name={is ? 'check' : 'cross'} size={13} /> {t(is ? 'report.sound' : 'report.unsound')}
        </span>
    );
}
