/* What just happened, newest first. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { StreamCase } from '@/api/types.gen';
import { keysOf } from '@/lib/keysOf';
import { usePacks } from '@/lib/pack';
import { formatNear } from '@/lib/time';
import { useKind } from '@/lib/useKind';

const SHOWN = 60;

export function Feed({ now, open }: { now: number; open: (id: string) => void }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const kind = useKind();
    const feed = useQuery<StreamCase[]>({ queryKey: keysOf.feed, enabled: false }).data ?? [];
    return (
        <section className="feed" aria-label={t('situation.feed')}>
            <header className="pane-head">
                <h2>{t('situation.feed')}</h2>
            </header>
            {feed.length === 0 && <p className="feed-none quiet">{t('situation.feedNone')}</p>}
            <ol>
                {feed.slice(0, SHOWN).map((item) => (
                    <li key={`${item.seq}-${item.brief.id}`}>
                        <button type="button" onClick={() => open(item.brief.id)}>
                            <time>{formatNear(item.now, now)}</time>
                            <span className="feed-what">
                                <b>{kind(item.kind)}</b> {packs.state(item.brief.pack, item.brief.state)}
                            </span>
                            <span className="feed-title">{item.brief.title}</span>
                        </button>
                    </li>
                ))}
            </ol>
        </section>
    );
}
