/* Open cases in the order of their clocks. j and k walk, Enter opens. */
import { Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '@/lib/keys';
import { Empty } from '@/parts/Empty';
import { Icon } from '@/parts/Icon';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { QueueRow } from './QueueRow';
import type { Situation } from './useSituation';

const SHOWN = 150;

interface Props {
    of: Situation;
    chosen: string | null;
    choose: (id: string | null) => void;
    open: (id: string) => void;
}

export function Queue({ of, chosen, choose, open }: Props) {
    const { t } = useTranslation();
    const [words, setWords] = useState('');
    const find = useRef<InputRef>(null);
    const fits = of.queue.filter((c) => !words || `${c.number} ${c.title} ${c.place} ${c.unit ?? ''}`.includes(words));
    const rows = fits.slice(0, SHOWN);
    const step = (by: number) => {
        const at = rows.findIndex((c) => c.id === chosen);
        const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
        if (!next) return;
        choose(next.id);
        document.getElementById(`queue-${next.id}`)?.scrollIntoView({ block: 'nearest' });
    };
    useKeys({
        j: () => step(1),
        k: () => step(-1),
        Enter: () => chosen && open(chosen),
        Escape: () => choose(null),
        '/': () => find.current?.focus(),
    });
    return (
        <section className="queue" aria-label={t('situation.queue')}>
            <header className="pane-head">
                <h2>{t('situation.queue')}</h2>
                <Input
                    ref={find}
                    size="small"
                    variant="filled"
                    allowClear
                    prefix={<Icon name="search" size={14} />}
                    placeholder={t('situation.find')}
                    value={words}
                    onChange={(e) => setWords(e.target.value.trim())}
                    onKeyDown={(e) => e.key === 'Escape' && find.current?.blur()}
                />
            </header>
            {of.pending && <Waiting lines={9} />}
            {of.error != null && of.queue.length === 0 && <Trouble error={of.error} retry={of.again} />}
            {!of.pending && of.error == null && rows.length === 0 && (
                <Empty title={t(words ? 'situation.nothingFound' : 'situation.calm')}>{words ? undefined : t('situation.calmHint')}</Empty>
            )}
            <ol className="queue-rows">
                {rows.map((c) => (
                    <QueueRow key={c.id} of={c} now={of.now} here={c.id === chosen} choose={choose} open={open} />
                ))}
            </ol>
            {fits.length > rows.length && <p className="queue-more">{t('situation.more', { n: fits.length - rows.length })}</p>}
        </section>
    );
}
