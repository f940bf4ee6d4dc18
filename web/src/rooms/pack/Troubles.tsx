/* Changes in folders that were refused, so that the version before goes on: one line each, as the linter says it, to be copied
 * into an editor. */
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { PackTrouble } from '@/api/types.gen';
import { Icon } from '@/parts/Icon';

export function Refusals({ of }: { of: readonly string[] }) {
    const { t } = useTranslation();
    return (
        <ol className="refusals">
            {of.map((line, i) => {
                const place = /^\S+?:\d+:\d+:|^\S+?:/.exec(line)?.[0] ?? '';
                return (
                    <li key={i}>
                        <code>
                            <b>{place}</b>
                            {line.slice(place.length)}
                        </code>
                    </li>
                );
            })}
            {of.length === 0 && <li>{t('packs.noRefusals')}</li>}
        </ol>
    );
}

export function CopyButton({ text }: { text: string }) {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const copy = async () => {
        await navigator.clipboard.writeText(text);
        message.success(t('audit.copied'));
    };
    return (
        <Button size="small" className="no-print" icon={<Icon name="copy" size={14} />} onClick={() => void copy()}>
            {t('packs.copy')}
        </Button>
    );
}

export function Troubles({ of }: { of: readonly PackTrouble[] }) {
    const { t } = useTranslation();
    return (
        <section className="troubles" role="alert">
            <h2>{t('packs.troubles')}</h2>
            <p>{t('packs.troublesHint')}</p>
            {of.map((trouble) => (
                <article key={trouble.folder} data-folder={trouble.folder}>
                    <header>
                        <h3>{trouble.folder}</h3>
                        <CopyButton text={trouble.refusals.join('\n')} />
                    </header>
                    <Refusals of={trouble.refusals} />
                </article>
            ))}
        </section>
    );
}
