/* A role's title: one of the program's, or a party of the service. */
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import type { Service } from '@/lib/service';

export function useRole(of: Service) {
    const { t, i18n } = useTranslation();
    return (role: string): string => {
        const party = of.head.parties?.find((p) => p.id === role);
        return party ? party[lang()] : i18n.exists(`role.${role}`) ? t(`role.${role}`) : role;
    };
}
