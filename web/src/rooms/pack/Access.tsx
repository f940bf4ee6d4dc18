/* Who sees which personal field, for what purpose and on what basis: a matrix of fields and rules. What no rule names nobody
 * sees. */
import { useTranslation } from 'react-i18next';
import { say } from '@/lib/pack';
import type { AccessRule, Service } from '@/lib/service';
import { useRole } from './useRole';

type Sight = 'full' | 'partial' | 'existence' | 'none';
const SIGNS: Record<Sight, string> = { full: '●', partial: '◐', existence: '○', none: '' };

const sightOf = (rule: AccessRule, field: string): Sight =>
    (['full', 'partial', 'existence'] as const).find((sight) => rule[sight]?.includes(field)) ?? 'none';

function Head({ of, rule, note }: { of: Service; rule: AccessRule; note: number }) {
    const { t } = useTranslation();
    const roleOf = useRole(of);
    const purpose = of.pack.purposes.find((p) => p.id === rule.purpose);
    return (
        <th scope="col">
            {roleOf(rule.role)}
            <small>{purpose ? say(purpose) : rule.purpose}</small>
            <small>
                {t(`packs.scope.${rule.scope}`)}
                {rule.open_only && ` · ${t('packs.openOnly')}`}
                <sup>{note}</sup>
            </small>
        </th>
    );
}

export function Access({ of }: { of: Service }) {
    const { t } = useTranslation();
    const fields = of.pack.fields.filter((field) => field.private);
    const bases = [...new Set(of.rules.map((rule) => rule.basis))];
    return (
        <>
            <ul className="sights">
                {(['full', 'partial', 'existence'] as const).map((sight) => (
                    <li key={sight}>
                        <i aria-hidden="true">{SIGNS[sight]}</i> {t(`packs.sight.${sight}`)}
                    </li>
                ))}
                <li className="quiet">{t('packs.sight.none')}</li>
            </ul>
            <div className="table-wide">
                <table className="grid access-grid">
                    <thead>
                        <tr>
                            <th>{t('packs.privateField')}</th>
                            {of.rules.map((rule, i) => (
                                <Head key={i} of={of} rule={rule} note={bases.indexOf(rule.basis) + 1} />
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {fields.map((field) => (
                            <tr key={field.id}>
                                <th scope="row">{say(field)}</th>
                                {of.rules.map((rule, i) => {
                                    const sight = sightOf(rule, field.id);
                                    return (
                                        <td key={i} className={`sight sight-${sight}`}>
                                            <span aria-hidden="true">{SIGNS[sight]}</span>
                                            <span className="visually-hidden">{t(`packs.sight.${sight}`)}</span>
                                        </td>
                                    );
                                })}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            <ol className="bases">
                {bases.map((basis) => (
                    <li key={basis}>{basis}</li>
                ))}
            </ol>
            <p className="panel-foot">{t('packs.accessHint')}</p>
        </>
    );
}
