/* Every text that goes out: to whom, by which channel, in both languages. */
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import type { NoticeLine, Service } from '@/lib/service';

/* What stands in braces is filled in when it is sent. */
function Text({ of }: { of: string }) {
    return of.split(/(\{[^}]*\})/).map((part, i) => (part.startsWith('{') ? <code key={i}>{part}</code> : part));
}

function Row({ of }: { of: NoticeLine }) {
    const { t } = useTranslation();
    const other = lang() === 'zh' ? 'en' : 'zh';
    return (
        <tr data-notice={of.id}>
            <td>{t(`role.${of.receiver}`)}</td>
            <td>{t(`notice.channel.${of.channel}`)}</td>
            <td>
                <Text of={of[lang()]} />
                <small lang={other === 'zh' ? 'zh-CN' : 'en'}>
                    <Text of={of[other]} />
                </small>
            </td>
        </tr>
    );
}

export function Notices({ of }: { of: Service }) {
    const { t } = useTranslation();
    const order = ['resident', ...of.head.roles];
    const lines = [...of.notices].sort((a, b) => order.indexOf(a.receiver) - order.indexOf(b.receiver));
    return (
        <div className="table-wide">
            <table className="grid notices-grid">
                <thead>
                    <tr>
                        <th>{t('packs.receiver')}</th>
                        <th>{t('packs.channel')}</th>
                        <th>{t('packs.text')}</th>
                    </tr>
                </thead>
                <tbody>
                    {lines.map((line) => (
                        <Row key={line.id} of={line} />
                    ))}
                </tbody>
            </table>
        </div>
    );
}
