/* The chosen case, on the map's corner: enough to decide whether to open it. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CaseBrief } from '@/api/types.gen';
import { useOrgs } from '@/lib/orgs';
import { usePacks } from '@/lib/pack';
import { formatNear } from '@/lib/time';
import { useUnitName } from '@/lib/units';
import { ClockMark } from '@/parts/ClockMark';
import { Icon } from '@/parts/Icon';
import { LevelTag } from '@/parts/LevelTag';
import { StateTag } from '@/parts/StateTag';

export function CaseCard({ of, now, open, close }: { of: CaseBrief; now: number; open: () => void; close: () => void }) {
    const { t } = useTranslation();
    const orgs = useOrgs();
    const packs = usePacks();
    const unitName = useUnitName();
    return (
        <article className="case-card" aria-label={of.number}>
            <header>
                <span className="mono">{of.number}</span>
                <span className="quiet">{packs.title(of.pack)}</span>
                <Button type="text" size="small" icon={<Icon name="cross" size={14} />} onClick={close} aria-label={t('app.close')} />
            </header>
            <h2>{of.title}</h2>
            <p className="case-card-tags">
                <ClockMark of={of} now={now} />
                <LevelTag level={of.level} />
                <StateTag pack={of.pack} state={of.state} final={of.final} />
            </p>
            <dl>
                <dt>{t('case.place')}</dt>
                <dd>{of.place || '—'}</dd>
                <dt>{t('case.org')}</dt>
                <dd>{orgs.name(of.org)}</dd>
                <dt>{t('case.unit')}</dt>
                <dd>{of.unit ? unitName(of.unit) : t('case.nobody')}</dd>
                <dt>{t('case.openedAt')}</dt>
                <dd>{formatNear(of.opened_at, now)}</dd>
            </dl>
            <Button type="primary" block onClick={open}>
                {t('case.open')}
            </Button>
        </article>
    );
}
