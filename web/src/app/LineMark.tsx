/* Is what one sees current? Quiet while the stream flows, plain to see when it does not. */
import { useTranslation } from 'react-i18next';
import { useLine, useMay } from '@/lib/session';

export function LineMark() {
    const { t } = useTranslation();
    const line = useLine();
    if (!useMay('stream')) return null;
    return (
        <span className={`line line-${line}`} role="status" title={t(`line.${line}Hint`)}>
            <i aria-hidden="true" />
            <span className={line === 'open' ? 'wide-only' : ''}>{t(`line.${line}`)}</span>
        </span>
    );
}
