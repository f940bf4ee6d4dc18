/* What becomes of names that the newest version does not have. */
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { say } from '@/lib/pack';
import type { Service } from '@/lib/service';
import { Icon } from '@/parts/Icon';
import { droppable, type Kind, KINDS, type MapRow } from './migration';

interface Props {
    of: Service;
    rows: readonly MapRow[];
    missing: readonly MapRow[]; /* what the survey asks for */
    change: (rows: readonly MapRow[]) => void;
}

export function MapRows({ of, rows, missing, change }: Props) {
    const { t } = useTranslation();
    const put = (i: number, next: Partial<MapRow>) => change(rows.map((row, k) => (k === i ? { ...row, ...next } : row)));
    const names = (kind: Kind) =>
        kind === 'fields' ? of.pack.fields : kind === 'states' ? of.steps.filter((step) => step.kind !== 'shallow' && step.kind !== 'deep') : of.pack[kind];
    const options = (kind: Kind) => [
        ...(droppable(kind) ? [{ value: '', label: t('packs.drop') }] : []),
        ...names(kind).map((name) => ({ value: name.id, label: `${say(name)} · ${name.id}` })),
    ];
    return (
        <div className="map-rows">
            {rows.map((row, i) => (
                <div key={i} className="map-row">
                    <Select
                        aria-label={t('packs.kindOfName')}
                        value={row.kind}
                        onChange={(kind) => put(i, { kind, becomes: droppable(kind) ? null : '' })}
                        options={KINDS.map((kind) => ({ value: kind, label: t(`packs.map.${kind}`) }))}
                    />
                    <Input aria-label={t('packs.oldName')} placeholder={t('packs.oldName')} value={row.old} onChange={(e) => put(i, { old: e.target.value.trim() })} />
                    <span aria-hidden="true">→</span>
                    <Select
                        aria-label={t('packs.newName')}
                        placeholder={t('packs.newName')}
                        showSearch={{ optionFilterProp: 'label' }}
                        value={row.becomes ?? (droppable(row.kind) ? '' : undefined)}
                        onChange={(id: string) => put(i, { becomes: id === '' && droppable(row.kind) ? null : id })}
                        options={options(row.kind)}
                    />
                    <Button type="text" aria-label={t('packs.removeRow')} icon={<Icon name="cross" size={14} />} onClick={() => change(rows.filter((_, k) => k !== i))} />
                </div>
            ))}
            <p>
                <Button size="small" onClick={() => change([...rows, { kind: 'states', old: '', becomes: '' }])}>
                    {t('packs.addRow')}
                </Button>{' '}
                {missing.length > 0 && (
                    <Button size="small" onClick={() => change([...rows, ...missing])} data-deed="missing">
                        {t('packs.addMissing', { names: missing.map((row) => row.old).join(t('diagram.comma')) })}
                    </Button>
                )}
            </p>
        </div>
    );
}
