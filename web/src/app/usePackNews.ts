/* Tells that a service has a new version, which new cases get at once, and has every page show it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { keysOf } from '@/lib/keysOf';
import type { CityTick } from '@/lib/live';

export function usePackNews() {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const client = useQueryClient();
    const versions = useQuery<CityTick>({ queryKey: keysOf.tick, enabled: false }).data?.versions;
    const before = useRef<number | undefined>(undefined);
    useEffect(() => {
        if (versions === undefined) return;
        if (before.current !== undefined && before.current !== versions) {
            message.info(t('packs.renewed'));
            for (const queryKey of [['packs'], ['pack'], ['diagram']]) void client.invalidateQueries({ queryKey });
        }
        before.current = versions;
    }, [versions, message, client, t]);
}
