/* How urgent a case was judged, 1 (most) to 4: bars as well as a number. */
import { useTranslation } from 'react-i18next';
import './tags.css';

export function LevelTag({ level }: { level: number }) {
    const { t } = useTranslation();
    return (
        <span className={`level level-${level}`} title={t('case.levelIs', { level })}>
            <i aria-hidden="true">
                {[4, 3, 2, 1].map((bar) => (
                    <b key={bar} className={level <= bar ? 'on' : ''} />
                ))}
            </i>
            {level}
        </span>
    );
}
