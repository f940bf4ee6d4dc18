/* Day and night. The values live in styles/tokens.css; here they are read for those who cannot read CSS: Ant Design,
 * charts and the map. */
import { theme as antTheme, type ThemeConfig } from 'antd';
import { useSyncExternalStore } from 'react';

export type Theme = 'day' | 'night';
const KEPT = 'bihuan.theme';
const listeners = new Set<() => void>();

const wished = (): Theme => {
    const kept = localStorage.getItem(KEPT);
    if (kept === 'day' || kept === 'night') return kept;
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'day';
};

let current: Theme = 'day';
function put(next: Theme) {
    current = next;
    document.documentElement.dataset.theme = next;
    for (const told of listeners) told();
}

export const startTheme = () => put(wished());
export const setTheme = (next: Theme) => {
    localStorage.setItem(KEPT, next);
    put(next);
};

export const useTheme = (): Theme =>
    useSyncExternalStore(
        (told) => {
            listeners.add(told);
            return () => listeners.delete(told);
        },
        () => current,
    );

export const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function antConfig(theme: Theme): ThemeConfig {
    const t = token;
    return {
        algorithm: theme === 'night' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
        token: {
            colorPrimary: t('accent'),
            colorInfo: t('accent'),
            colorLink: t('accent'),
            colorError: t('late'),
            colorWarning: t('soon'),
            colorSuccess: t('fine'),
            colorText: t('ink'),
            colorTextSecondary: t('ink-2'),
            colorTextTertiary: t('ink-3'),
            colorTextPlaceholder: t('ink-3'),
            colorBgBase: t('surface'),
            colorBgContainer: t('surface'),
            colorBgElevated: t('surface'),
            colorBgLayout: t('bg'),
            colorBorder: t('line-strong'),
            colorBorderSecondary: t('line'),
            borderRadius: 5,
            fontSize: 13,
            fontSizeLG: 15,
            fontSizeSM: 12,
            fontFamily: t('font'),
            controlHeight: 32,
            controlHeightSM: 26,
            controlHeightLG: 42,
            motionDurationMid: '0.12s',
            motionDurationSlow: '0.16s',
            boxShadowSecondary: '0 6px 24px rgb(0 0 0 / 14%)',
        },
        components: {
            Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', primaryColor: t('accent-ink') },
            Segmented: { trackBg: t('surface-3'), itemSelectedBg: t('surface'), itemSelectedColor: t('accent') },
        },
    };
}
