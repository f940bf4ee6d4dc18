/* What was sent about this case: to whom, by which gateway, and where it is now. A notice that failed or expired can be sent
 * again. The resident's link stands in none of these texts. */
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Done, NoticeView } from '@/api/types.gen';
import { write } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { useNotices, wordsOf } from '@/lib/notices';
import { useMay } from '@/lib/session';
import { formatNear } from '@/lib/time';
import { useWrite } from '@/lib/useWrite';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import './notices.css';

const again = (message: string, key: string) => write<Done>('POST', `/api/notices/${message}/again`, {}, key);

function Line({ of, now, send, busy }: { of: NoticeView; now: number; send: (() => void) | null; busy: boolean }) {
    const { t, i18n } = useTranslation();
    const receiver = i18n.exists(`role.${of.receiver}`) ? t(`role.${of.receiver}`) : of.receiver;
    const state = of.channel === 'console' ? (of.state === 'delivered' ? 'read' : 'unread') : of.state;
    return (
        <li className={`notice notice-${state}`}>
            <p className="notice-head">
                <b>{t(`notice.state.${state}`)}</b>
                <span>
                    {receiver} · {t(`notice.channel.${of.channel}`)}
                </span>
                <time className="quiet">{formatNear(of.changed_at, now)}</time>
            </p>
            <p>{wordsOf(of, of.id)}</p>
            {of.reason && <p className="notice-why">{of.reason}</p>}
            {of.tries != null && of.next_at != null && (
                <p className="quiet">{t('notice.tries', { count: of.tries, at: formatNear(of.next_at, now) })}</p>
            )}
            {send && (of.state === 'failed' || of.state === 'expired') && (
                <Button size="small" onClick={send} loading={busy}>
                    {t('notice.again')}
                </Button>
            )}
        </li>
    );
}

export function Notices({ caseId, now }: { caseId: string; now: number }) {
    const { t } = useTranslation();
    const client = useQueryClient();
    const mayAgain = useMay('notice.again');
    const notices = useNotices(caseId);
    const sending = useWrite(again, () => void client.invalidateQueries({ queryKey: keysOf.notices(caseId) }));
    const list = notices.data?.notices ?? [];
    return (
        <Panel title={t('notice.title')}>
            {notices.error && <Trouble error={notices.error} retry={() => void notices.refetch()} />}
            {sending.error && <Trouble error={sending.error} />}
            {notices.isSuccess && list.length === 0 && <p className="panel-none">{t('notice.none')}</p>}
            <ul className="notices">
                {list.map((of) => (
                    <Line
                        key={of.message}
                        of={of}
                        now={now}
                        send={mayAgain ? () => sending.mutate(of.message) : null}
                        busy={sending.isPending && sending.variables === of.message}
                    />
                ))}
            </ul>
        </Panel>
    );
}
