/* The bell: notices to one's role that nobody has read yet. Opening a letter's case reads it; so does the button. */
import { useQueryClient } from '@tanstack/react-query';
import { Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHashLocation } from 'wouter/use-hash-location';
import type { Done, Letter } from '@/api/types.gen';
import { write } from '@/lib/api';
import { keysOf } from '@/lib/keysOf';
import { useInbox, wordsOf } from '@/lib/notices';
import { useCityNow, useMay } from '@/lib/session';
import { formatNear } from '@/lib/time';
import { useWrite } from '@/lib/useWrite';
import { Icon } from '@/parts/Icon';
import './inbox.css';

const read = (messages: string[], key: string) => write<Done>('POST', '/api/inbox/read', { messages }, key);

export function Inbox() {
    const { t } = useTranslation();
    const client = useQueryClient();
    const [, go] = useHashLocation();
    const [open, setOpen] = useState(false);
    const may = useMay('inbox');
    const now = useCityNow(60_000);
    const inbox = useInbox(may);
    const reading = useWrite(read, () => void client.invalidateQueries({ queryKey: keysOf.inbox }));
    if (!may) return null;
    const letters = inbox.data?.letters ?? [];
    const unread = inbox.data?.unread ?? 0;
    const follow = (letter: Letter) => {
        reading.mutate([letter.message]);
        setOpen(false);
        go(`/cases/${letter.case_id}`);
    };
    const content = (
        <div className="inbox">
            {letters.length === 0 && <p className="quiet">{t('inbox.none')}</p>}
            <ul>
                {letters.map((letter) => (
                    <li key={letter.message}>
                        <button type="button" onClick={() => follow(letter)}>
                            <span>{wordsOf(letter, letter.number)}</span>
                            <time className="quiet">
                                {t(`role.${letter.receiver}`)} · {formatNear(letter.at, now)}
                            </time>
                        </button>
                    </li>
                ))}
            </ul>
            {letters.length > 0 && (
                <Button size="small" loading={reading.isPending} onClick={() => reading.mutate(letters.map((l) => l.message))}>
                    {t('inbox.readAll', { count: letters.length })}
                </Button>
            )}
        </div>
    );
    return (
        <Popover classNames={{ root: 'inbox-place' }} trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen} title={t('inbox.title')} content={content}>
            <Badge count={unread} size="small" overflowCount={99} offset={[-8, 8]}>
                <Button type="text" icon={<Icon name="bell" />} aria-label={t('inbox.unread', { count: unread })} />
            </Badge>
        </Popover>
    );
}
