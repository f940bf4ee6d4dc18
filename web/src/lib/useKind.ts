/* The ledger's kinds of events ("case.moved") in words. */
import { useTranslation } from 'react-i18next';

export function useKind() {
    const { t, i18n } = useTranslation();
    return (kind: string) => {
        const key = `kind.${kind.replaceAll('.', '_').replaceAll('-', '_')}`;
        return i18n.exists(key) ? t(key) : kind;
    };
}
