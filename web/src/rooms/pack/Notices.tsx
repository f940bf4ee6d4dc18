/* Every text that goes out: to whom, by which channel, in both languages. */
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import type { NoticeLine, Service } from '@/lib/service';
import { useRole } from './useRole';

/* What stands in braces is filled in when it is sent. */
function Text({ of }: { of: string }) {
    return of.split(/(\{[^}]*\})/).map((part, i) => (part.startsWith('{') ? <code key={i}>{part}</code> : part));
}

function Row({ of, line }: { of: Service; line: NoticeLine }) {
    const { t } = useTranslation();
    const roleOf = useRole(of);
    const other = lang() === 'zh' ? 'en' : 'zh';
    return (
        <tr data-notice={line.id}>
            <td>{roleOf(line.receiver)}</td>
            <td>{t(`notice.channel.${line.channel}`)}</td>
            <td>
                <Text of={line[lang()]} />
                <small lang={other === 'zh' ? 'zh-CN' : 'en'}>
                    <Text of={line[other]} />
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
                        <Row key={line.id} of={of} line={line} />
                    ))}
                </tbody>
            </table>
        </div>
    );
}
