/* Lines where text will be. Shows itself only when the answer takes a moment. */
import { useTranslation } from 'react-i18next';
import './states.css';

export function Waiting({ lines = 5 }: { lines?: number }) {
    const { t } = useTranslation();
    return (
        <div className="waiting" role="status" aria-label={t('app.loading')}>
            {Array.from({ length: lines }, (_, i) => (
                <i key={i} style={{ width: `${88 - ((i * 37) % 45)}%` }} />
            ))}
        </div>
    );
}
