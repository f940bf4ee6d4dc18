/* The checkpoint: how many events, which root, who signed; and whether it follows from the last one seen here. */
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { save } from '@/lib/csv';
import { toHex } from '@/lib/merkle';
import { Icon } from '@/parts/Icon';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { type Checked, useCheckpoint } from './useCheckpoint';
import { Verdict } from './Verdict';

export function Checkpoint() {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const query = useCheckpoint();
    const of = query.data;
    const copy = async (text: string) => {
        await navigator.clipboard.writeText(text);
        message.success(t('audit.copied'));
    };
    return (
        <Panel
            title={t('audit.checkpoint')}
            aside={
                <Button type="text" size="small" loading={query.isFetching} icon={<Icon name="refresh" size={15} />} onClick={() => void query.refetch()}>
                    {t('case.refresh')}
                </Button>
            }
        >
            <p className="audit-hint">{t('audit.checkpointHint')}</p>
            {query.isPending && <Waiting lines={4} />}
            {query.error && <Trouble error={query.error} retry={() => void query.refetch()} />}
            {of && (
                <>
                    <dl className="facts">
                        <dt>{t('audit.size')}</dt>
                        <dd className="audit-size">{of.note.size}</dd>
                        <dt>{t('audit.root')}</dt>
                        <dd className="mono">{toHex(of.note.root)}</dd>
                        <dt>{t('audit.key')}</dt>
                        <dd className="mono">{of.key}</dd>
                    </dl>
                    <Signature of={of} />
                    <Follows of={of} />
                    <p className="audit-deeds">
                        <Button size="small" onClick={() => void copy(of.text)}>
                            {t('audit.copy')}
                        </Button>
                        <Button size="small" onClick={() => save(`checkpoint-${of.note.size}.txt`, of.text, 'text/plain')}>
                            {t('audit.download')}
                        </Button>
                    </p>
                </>
            )}
        </Panel>
    );
}

function Signature({ of }: { of: Checked }) {
    const { t } = useTranslation();
    if (of.signed === null) return <Verdict is="unknown">{t('audit.signatureUnknown')}</Verdict>;
    return <Verdict is={of.signed ? 'good' : 'bad'}>{t(of.signed ? 'audit.signatureGood' : 'audit.signatureBad')}</Verdict>;
}

function Follows({ of }: { of: Checked }) {
    const { t } = useTranslation();
    if (of.fault) return <Verdict is="bad">{t('audit.consistencyBad', { why: t(`why.${of.fault}`) })}</Verdict>;
    if (!of.before) return <Verdict is="unknown">{t('audit.consistencyFirst', { size: of.note.size })}</Verdict>;
    return <Verdict is="good">{t('audit.consistencyGood', { from: of.before.size, size: of.note.size })}</Verdict>;
}
