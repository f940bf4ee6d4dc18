/* What the resident said, or that they said nothing: silence is not praise. */
import { useTranslation } from 'react-i18next';
import type { RatingView } from '@/api/types.gen';
import { formatNear } from '@/lib/time';
import { Panel } from '@/parts/Panel';

export function Rating({ of, now }: { of: RatingView; now: number }) {
    const { t } = useTranslation();
    return (
        <Panel title={t('case.rating')}>
            <div className="rating">
                {of.level != null ? (
                    <>
                        <span className="rating-dots" aria-hidden="true">
                            {[1, 2, 3, 4, 5].map((n) => (
                                <i key={n} className={n <= of.level! ? 'on' : ''} />
                            ))}
                        </span>
                        <b>{t('case.ratingLevel', { level: of.level })}</b>
                        {of.answered_at != null && <span className="quiet">{formatNear(of.answered_at, now)}</span>}
                    </>
                ) : (
                    <span>{t(of.lapsed_at != null ? 'case.ratingLapsed' : 'case.ratingAsked')}</span>
                )}
            </div>
        </Panel>
    );
}
