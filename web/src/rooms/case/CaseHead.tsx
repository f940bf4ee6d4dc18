/* Which case this is; before a purpose is chosen, as far as the open timeline tells. */
import { useTranslation } from 'react-i18next';
import type { CaseBrief } from '@/api/types.gen';
import { usePacks } from '@/lib/pack';
import type { Opening } from '@/lib/timeline';
import { useUnitName } from '@/lib/units';
import { ClockMark } from '@/parts/ClockMark';
import { Icon } from '@/parts/Icon';
import { LevelTag } from '@/parts/LevelTag';
import { StateTag } from '@/parts/StateTag';

export function CaseHead({ of, now }: { of: CaseBrief | Opening; now: number }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const unitName = useUnitName();
    return (
        <header className="case-head">
            <p className="case-number">
                <span className="mono" data-number={of.number}>
                    {of.number}
                </span>
                <span>{packs.title(of.pack)}</span>
            </p>
            <h1>{of.title}</h1>
            <p className="case-tags">
                <StateTag pack={of.pack} state={of.state} final={of.final} />
                {'level' in of && (
                    <>
                        <ClockMark of={of} now={now} />
                        <LevelTag level={of.level} />
                    </>
                )}
                <span>
                    <Icon name="pin" size={14} /> {of.place || '—'}
                </span>
                {'level' in of && (
                    <span>
                        <Icon name="unit" size={14} /> {of.unit ? unitName(of.unit) : t('case.nobody')}
                    </span>
                )}
            </p>
        </header>
    );
}
