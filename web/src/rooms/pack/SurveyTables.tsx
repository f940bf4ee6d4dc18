/* What a migration would do: the cases that stay, each with the reason, and every deadline that moves. */
import { useTranslation } from 'react-i18next';
import { usePacks } from '@/lib/pack';
import type { Service } from '@/lib/service';
import { formatShort } from '@/lib/time';
import { useSpan } from '@/lib/useSpan';
import { readWhy, type Survey } from './migration';

export function SurveyTables({ of, found }: { of: Service; found: Survey }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const span = useSpan();
    const at = (instant: number | null) => (instant === null ? t('packs.never') : formatShort(instant));
    const why = (text: string) => {
        const said = readWhy(text);
        return said ? t(`packs.why.${said.key}`, { what: said.what, other: said.other }) : text;
    };
    const by = (was: number | null, becomes: number | null) =>
        was === null || becomes === null ? '' : t(becomes > was ? 'packs.later' : 'packs.earlier', { span: span(becomes - was) });
    return (
        <div className="survey" role="status" data-carried={found.carried} data-kept={found.kept_count}>
            <p>
                <b>{t('packs.surveySays', { cases: found.cases, carried: found.carried, kept: found.kept_count, deadlines: found.deadline_count })}</b>
            </p>
            {found.kept.length > 0 && (
                <div className="table-wide">
                    <table className="grid">
                        <caption>{t('packs.keptTitle', { n: found.kept_count })}</caption>
                        <thead>
                            <tr>
                                <th>{t('case.number')}</th>
                                <th>{t('case.state')}</th>
                                <th>{t('packs.reasonStays')}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {found.kept.map((c) => (
                                <tr key={c.number}>
                                    <td className="mono">{c.number}</td>
                                    <td>{packs.state(of.pack.id, c.state)}</td>
                                    <td>{why(c.why)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {found.deadlines.length > 0 && (
                <div className="table-wide">
                    <table className="grid">
                        <caption>{t('packs.deadlines', { n: found.deadline_count })}</caption>
                        <thead>
                            <tr>
                                <th>{t('case.number')}</th>
                                <th>{t('case.clock')}</th>
                                <th>{t('packs.was')}</th>
                                <th>{t('packs.becomes')}</th>
                                <th />
                            </tr>
                        </thead>
                        <tbody>
                            {found.deadlines.map((d) => (
                                <tr key={d.number + d.clock}>
                                    <td className="mono">{d.number}</td>
                                    <td>{packs.clock(of.pack.id, d.clock)}</td>
                                    <td className="num">{at(d.was)}</td>
                                    <td className="num">{at(d.becomes)}</td>
                                    <td className={d.was !== null && d.becomes !== null && d.becomes < d.was ? 'sooner' : 'quiet'}>{by(d.was, d.becomes)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </div>
    );
}
