/* Signed in or not: the frame with its rooms, or the sign-in page. */
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import { nonce } from '@/lib/nonce';
import { useSession } from '@/lib/session';
import { antConfig, useTheme } from '@/lib/theme';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { SignIn } from '@/rooms/guard/SignIn';
import { Frame } from './Frame';

function Door() {
    const session = useSession();
    if (session.isPending) return <Waiting lines={3} />;
    if (session.isError) return <Trouble error={session.error} retry={() => void session.refetch()} />;
    return session.data ? <Frame /> : <SignIn />;
}

export function App() {
    useTranslation();
    const theme = useTheme();
    const config = useMemo(() => antConfig(theme), [theme]);
    return (
        <ConfigProvider csp={{ nonce }} theme={config} locale={lang() === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
            <AntApp component={false} message={{ top: 60, maxCount: 3 }}>
                <Door />
            </AntApp>
        </ConfigProvider>
    );
}
