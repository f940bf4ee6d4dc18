/* Cases as a dense table; on a phone every row folds into a small card. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseBrief } from '@/api/types.gen';
import { useOrgs } from '@/lib/orgs';
import { usePacks } from '@/lib/pack';
import { formatNear } from '@/lib/time';
import { useUnitName } from '@/lib/units';
import { ClockMark } from '@/parts/ClockMark';
import { LevelTag } from '@/parts/LevelTag';
import { StateTag } from '@/parts/StateTag';

interface Props {
    rows: CaseBrief[];
    now: number;
    chosen: string | null;
    choose: (id: string) => void;
    open: (id: string) => void;
}

const COLUMNS = ['clock', 'number', 'title', 'place', 'state', 'level', 'org', 'unit', 'openedAt'] as const;

export function CaseTable({ rows, now, chosen, choose, open }: Props) {
    const { t } = useTranslation();
    return (
        <table className="list">
            <thead>
                <tr>
                    {COLUMNS.map((column) => (
                        <th key={column} className={`col-${column}`} scope="col">
                            {t(`case.${column}`)}
                        </th>
                    ))}
                </tr>
            </thead>
            <tbody>
                {rows.map((c) => (
                    <Row key={c.id} of={c} now={now} here={c.id === chosen} choose={choose} open={open} />
                ))}
            </tbody>
        </table>
    );
}

const Row = memo(function Row({ of, now, here, choose, open }: Omit<Props, 'rows' | 'chosen'> & { of: CaseBrief; here: boolean }) {
    const orgs = useOrgs();
    const packs = usePacks();
    const unitName = useUnitName();
    return (
        <tr id={`case-${of.id}`} className={here ? 'here' : ''} onMouseDown={() => choose(of.id)} onClick={() => open(of.id)}>
            <td className="col-clock">
                <ClockMark of={of} now={now} />
            </td>
            <td className="col-number mono">
                <a href={`#/cases/${of.id}`} onClick={(e) => e.stopPropagation()}>
                    {of.number}
                </a>
            </td>
            <td className="col-title">
                <strong>{of.title}</strong> <span className="quiet">{packs.title(of.pack)}</span>
            </td>
            <td className="col-place">{of.place}</td>
            <td className="col-state">
                <StateTag pack={of.pack} state={of.state} final={of.final} />
            </td>
            <td className="col-level">
                <LevelTag level={of.level} />
            </td>
            <td className="col-org">{orgs.name(of.org)}</td>
            <td className="col-unit">{of.unit ? unitName(of.unit) : ''}</td>
            <td className="col-openedAt">{formatNear(of.opened_at, now)}</td>
        </tr>
    );
});
