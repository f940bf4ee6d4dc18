/* Moving open cases to the newest version: what becomes of which name, a survey on paper of what cannot be moved and of every
 * deadline that would move, and only then, with a reason, the deed. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JsonObject, PackVersion } from '@/api/types.gen';
import { write } from '@/lib/api';
import type { Service } from '@/lib/service';
import { useWrite } from '@/lib/useWrite';
import { Trouble } from '@/parts/Trouble';
import { MapRows } from './MapRows';
import { type MapRow, mapOf, type Survey, wanted } from './migration';
import { MoveDialog } from './MoveDialog';
import { SurveyTables } from './SurveyTables';

export function Migration({ of, older }: { of: Service; older: readonly PackVersion[] }) {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const client = useQueryClient();
    const [from, setFrom] = useState('');
    const [rows, setRows] = useState<readonly MapRow[]>([]);
    const [start, setStart] = useState<readonly string[]>([]);
    const [asking, setAsking] = useState(false);
    const path = `/api/packs/${of.pack.id}/migration`;
    const map = mapOf(rows, start, from);
    const survey = useWrite((body: JsonObject, key) => write<Survey>('POST', path, body, key));
    const move = useWrite(
        (body: JsonObject, key) => write<Survey>('POST', path, body, key),
        (done) => {
            setAsking(false);
            survey.reset();
            message.success(t('packs.moved', { n: done.carried }));
            void client.invalidateQueries();
        },
    );
    const change = <T,>(set: (value: T) => void) => (value: T) => {
        set(value);
        survey.reset(); /* what was found held for another map */
    };
    const found = survey.data;
    const missing = found ? wanted(found, rows) : [];
    return (
        <section className="migration" aria-labelledby="migration-title">
            <h3 id="migration-title">{t('packs.migration')}</h3>
            <p>{t('packs.migrationHint')}</p>
            <div className="migration-map">
                <label>
                    {t('packs.fromVersion')}
                    <Select
                        value={from}
                        onChange={change(setFrom)}
                        options={[
                            { value: '', label: t('packs.allOlder', { n: older.reduce((n, v) => n + v.open, 0) }) },
                            ...older.map((v) => ({ value: v.hash, label: t('packs.versionOpen', { hash: v.hash.slice(0, 10), n: v.open }) })),
                        ]}
                    />
                </label>
                <label>
                    {t('packs.startClocks')}
                    <Select
                        mode="multiple"
                        value={[...start]}
                        onChange={change((ids: string[]) => setStart(ids))}
                        placeholder={t('packs.startNone')}
                        options={of.clocks.map((clock) => ({ value: clock.id, label: `${clock.zh} · ${clock.id}` }))}
                    />
                </label>
            </div>
            <MapRows of={of} rows={rows} missing={missing} change={change(setRows)} />
            <p className="migration-deeds">
                <Button type={found ? 'default' : 'primary'} loading={survey.isPending} onClick={() => survey.mutate({ map: map as JsonObject })} data-deed="survey">
                    {t('packs.survey')}
                </Button>
                <Button danger type="primary" disabled={!found || found.carried === 0} onClick={() => setAsking(true)} data-deed="move">
                    {t('packs.moveCases', { n: found?.carried ?? 0 })}
                </Button>
            </p>
            {survey.error && <Trouble error={survey.error} />}
            {found && <SurveyTables of={of} found={found} />}
            {asking && found && (
                <MoveDialog n={found.carried} error={move.error} busy={move.isPending} close={() => setAsking(false)} send={(reason) => move.mutate({ map: map as JsonObject, apply: true, reason })} />
            )}
        </section>
    );
}
