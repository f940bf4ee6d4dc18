/* Above every room: which city, that it is a simulation when it is one, its clock and speed, the line to the server, and
 * one's own switches. */
import { Button, Dropdown, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { lang, speak } from '@/lib/i18n';
import { useMe, useSignOut } from '@/lib/session';
import { setTheme, useTheme } from '@/lib/theme';
import { Icon } from '@/parts/Icon';
import { CityClock } from './CityClock';
import { Inbox } from './Inbox';
import { LineMark } from './LineMark';

export function Bar({ help }: { help: () => void }) {
    const { t } = useTranslation();
    const me = useMe();
    const theme = useTheme();
    const signOut = useSignOut();
    const city = lang() === 'zh' ? me.city.name_zh : me.city.name_en;
    return (
        <header className="bar no-print">
            <strong className="bar-city wide-only">{city}</strong>
            {me.city.simulated && (
                <span className="bar-simulation" title={t('bar.simulationHint')}>
                    {t('bar.simulation')}
                </span>
            )}
            <CityClock />
            <LineMark />
            <span className="bar-space" />
            <Inbox />
            <Tooltip title={t('bar.help')}>
                <Button className="wide-only" type="text" icon={<Icon name="help" />} onClick={help} aria-label={t('bar.help')} />
            </Tooltip>
            <Tooltip title={t('bar.language')}>
                <Button type="text" onClick={() => speak(lang() === 'zh' ? 'en' : 'zh')} aria-label={t('bar.language')}>
                    {lang() === 'zh' ? 'EN' : '中'}
                </Button>
            </Tooltip>
            <Tooltip title={t(theme === 'day' ? 'bar.night' : 'bar.day')}>
                <Button
                    type="text"
                    icon={<Icon name={theme === 'day' ? 'moon' : 'sun'} />}
                    onClick={() => setTheme(theme === 'day' ? 'night' : 'day')}
                    aria-label={t(theme === 'day' ? 'bar.night' : 'bar.day')}
                />
            </Tooltip>
            <Dropdown
                trigger={['click']}
                menu={{
                    items: [
                        { key: 'who', disabled: true, label: `${me.login} · ${me.roles.map((r) => t(`role.${r}`)).join('、')}` },
                        { key: 'leave', label: t('bar.signOut'), icon: <Icon name="leave" size={15} />, onClick: () => void signOut() },
                    ],
                }}
            >
                <Button type="text" icon={<Icon name="user" />} aria-label={t('bar.account')}>
                    <span className="wide-only">{me.name}</span>
                </Button>
            </Dropdown>
        </header>
    );
}
