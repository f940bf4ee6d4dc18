/* A table of signals. What came of every row is counted; the bad ones say line and reason. */
import { Button, Select, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportDone } from '@/api/types.gen';
import { withQuery, write } from '@/lib/api';
import { say, usePacks } from '@/lib/pack';
import { useWrite } from '@/lib/useWrite';
import { Icon } from '@/parts/Icon';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import './intake.css';

const COUNTS = ['rows', 'opened', 'again', 'joined', 'rejected', 'bad'] as const;

export default function Import() {
    const { t } = useTranslation();
    const packs = usePacks();
    const [pack, setPack] = useState<string>();
    const [file, setFile] = useState<File | null>(null);
    const send = useWrite((input: File, key) =>
        write<ImportDone>('POST', withQuery('/api/import', { pack: pack ?? packs.all[0]?.id }), input, key, 'text/csv'),
    );
    const done = send.data;
    return (
        <div className="import">
            <header className="call-head">
                <h1>{t('import.title')}</h1>
                <span className="quiet">{t('import.hint')}</span>
            </header>
            <Panel title={t('import.file')}>
                <div className="import-form">
                    <Select value={pack ?? packs.all[0]?.id} onChange={setPack} options={packs.all.map((p) => ({ value: p.id, label: say(p) }))} />
                    <Upload.Dragger
                        accept=".csv,text/csv"
                        maxCount={1}
                        beforeUpload={(chosen) => {
                            setFile(chosen);
                            send.reset();
                            return false;
                        }}
                        onRemove={() => setFile(null)}
                    >
                        <Icon name="import" size={26} />
                        <p>{t('import.drop')}</p>
                    </Upload.Dragger>
                    <Button type="primary" size="large" disabled={!file} loading={send.isPending} onClick={() => file && send.mutate(file)}>
                        {t('import.start')}
                    </Button>
                </div>
            </Panel>
            {send.error && <Trouble error={send.error} retry={() => file && send.mutate(file)} />}
            {done && (
                <Panel title={file?.name ?? ''}>
                    <dl className="import-counts">
                        {COUNTS.map((id) => (
                            <div key={id}>
                                <dt>{t(`import.${id}`)}</dt>
                                <dd>{done[id]}</dd>
                            </div>
                        ))}
                    </dl>
                    {done.errors.length === 0 ? (
                        <p className="panel-line quiet">{t('import.allGood')}</p>
                    ) : (
                        <table className="import-bad">
                            <thead>
                                <tr>
                                    <th>{t('import.line')}</th>
                                    <th>{t('import.why')}</th>
                                </tr>
                            </thead>
                            <tbody>
                                {done.errors.map((row) => (
                                    <tr key={row.line}>
                                        <td>{row.line}</td>
                                        <td>{row.why}</td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    )}
                </Panel>
            )}
        </div>
    );
}
