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
    const of = token;
    return {
        algorithm: theme === 'night' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
        token: {
            colorPrimary: of('accent'),
            colorInfo: of('accent'),
            colorLink: of('accent'),
            colorError: of('late'),
            colorWarning: of('soon'),
            colorSuccess: of('fine'),
            colorText: of('ink'),
            colorTextSecondary: of('ink-2'),
            colorTextTertiary: of('ink-3'),
            colorTextPlaceholder: of('ink-3'),
            colorBgBase: of('surface'),
            colorBgContainer: of('surface'),
            colorBgElevated: of('surface'),
            colorBgLayout: of('bg'),
            colorBorder: of('line-strong'),
            colorBorderSecondary: of('line'),
            borderRadius: 5,
            fontSize: 13,
            fontSizeLG: 15,
            fontSizeSM: 12,
            fontFamily: of('font'),
            controlHeight: 32,
            controlHeightSM: 26,
            controlHeightLG: 42,
            motionDurationMid: '0.12s',
            motionDurationSlow: '0.16s',
            boxShadowSecondary: '0 6px 24px rgb(0 0 0 / 14%)',
        },
        components: {
            Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', primaryColor: of('accent-ink') },
            Segmented: { trackBg: of('surface-3'), itemSelectedBg: of('surface'), itemSelectedColor: of('accent') },
        },
    };
}
