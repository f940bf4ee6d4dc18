/* Registers: lists that somebody keeps up to date, and from which decisions choose. */
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import { say } from '@/lib/pack';
import type { Service } from '@/lib/service';
import { useRole } from './useRole';

export function Registers({ of }: { of: Service }) {
    const { t } = useTranslation();
    const roleOf = useRole(of);
    const comma = t('diagram.comma');
    return (
        <div className="table-wide">
            <table className="grid">
                <thead>
                    <tr>
                        <th>{t('packs.register')}</th>
                        <th>{t('packs.keeper')}</th>
                        <th>{t('packs.entryFields')}</th>
                        <th>{t('packs.chosenBy')}</th>
                    </tr>
                </thead>
                <tbody>
                    {of.registers.map((register) => (
                        <tr key={register.id} data-register={register.id}>
                            <th scope="row">
                                {register[lang()]} <small className="mono">{register.id}</small>
                            </th>
                            <td>{roleOf(register.keeper)}</td>
                            <td>{register.fields.map((field) => (field.id === register.key ? t('packs.keyField', { field: field[lang()] }) : field[lang()])).join(comma)}</td>
                            <td>
                                {of.decisions
                                    .filter((decision) => decision.chooses?.from === register.id)
                                    .map(say)
                                    .join(comma) || '—'}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
