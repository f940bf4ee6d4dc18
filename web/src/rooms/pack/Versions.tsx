/* The versions of a service that the store knows, when each came into use and what is open on it; and, for who may, how open
 * cases are moved to the newest. */
import { useTranslation } from 'react-i18next';
import type { Service } from '@/lib/service';
import { useMay } from '@/lib/session';
import { formatFull } from '@/lib/time';
import { Migration } from './Migration';

export function Versions({ of }: { of: Service }) {
    const { t } = useTranslation();
    const mayMove = useMay('pack.migrate');
    const older = of.versions.filter((v) => !v.newest && v.open > 0);
    return (
        <>
            <div className="table-wide">
                <table className="grid versions-grid">
                    <thead>
                        <tr>
                            <th>{t('packs.version')}</th>
                            <th>{t('packs.published')}</th>
                            <th className="r">{t('packs.openHead')}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {of.versions.map((v) => (
                            <tr key={v.hash} data-version={v.hash}>
                                <td>
                                    <code title={v.hash}>{v.hash.slice(0, 16)}</code> {v.newest && <span className="tag tag-newest">{t('packs.newest')}</span>}
                                </td>
                                <td className="num">{formatFull(v.published_at)}</td>
                                <td className="r num">{v.open}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            {older.length === 0 && <p className="panel-foot">{t('packs.allOnNewest')}</p>}
            {older.length > 0 && !mayMove && <p className="panel-foot">{t('packs.olderStay')}</p>}
            {older.length > 0 && mayMove && <Migration of={of} older={older} />}
        </>
    );
}
