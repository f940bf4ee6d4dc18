/* What to list: service, state, organisation, open, late, or one number. */
import { Checkbox, Input, type InputRef, Select } from 'antd';
import { type RefObject, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOrgs } from '@/lib/orgs';
import { say, usePacks } from '@/lib/pack';
import type { CaseFilter } from '@/lib/stream';
import { Icon } from '@/parts/Icon';

interface Props {
    filter: CaseFilter;
    change: (filter: CaseFilter) => void;
    find: RefObject<HTMLInputElement | null>;
}

const flag = (on: boolean) => on || undefined;

export function CaseFilters({ filter, change, find }: Props) {
    const { t } = useTranslation();
    const packs = usePacks();
    const orgs = useOrgs();
    const input = useRef<InputRef>(null);
    useImperativeHandle(find, () => input.current?.input as HTMLInputElement);
    const [number, setNumber] = useState(filter.number ?? '');
    const put = (part: Partial<CaseFilter>) => change({ ...filter, ...part });
    const states = packs.of(filter.pack ?? '')?.states ?? [];
    return (
        <div className="filters no-print" role="search" aria-label={t('cases.filters')}>
            <Input
                ref={input}
                className="filter-number"
                allowClear
                prefix={<Icon name="search" size={14} />}
                placeholder={t('cases.number')}
                value={number}
                onChange={(e) => {
                    setNumber(e.target.value);
                    if (!e.target.value) put({ number: undefined });
                }}
                onPressEnter={() => put({ number: number.trim() || undefined, open: undefined, late: undefined })}
            />
            <Select
                value={filter.pack ?? ''}
                onChange={(pack) => put({ pack: pack || undefined, state: undefined })}
                options={[{ value: '', label: t('cases.anyPack') }, ...packs.all.map((p) => ({ value: p.id, label: say(p) }))]}
                popupMatchSelectWidth={false}
            />
            <Select
                value={filter.state ?? ''}
                disabled={states.length === 0}
                onChange={(state) => put({ state: state || undefined })}
                options={[{ value: '', label: t('cases.anyState') }, ...states.map((s) => ({ value: s.id, label: say(s) }))]}
                popupMatchSelectWidth={false}
            />
            <Select
                value={filter.org ?? ''}
                showSearch={{ optionFilterProp: 'label' }}
                onChange={(org) => put({ org: org || undefined })}
                options={[{ value: '', label: t('cases.anyOrg') }, ...orgs.all.map((o) => ({ value: o.id, label: o.name }))]}
                popupMatchSelectWidth={false}
            />
            <Checkbox checked={filter.open ?? false} onChange={(e) => put({ open: flag(e.target.checked) })}>
                {t('cases.openOnly')}
            </Checkbox>
            <Checkbox checked={filter.late ?? false} onChange={(e) => put({ late: flag(e.target.checked) })}>
                {t('cases.lateOnly')}
            </Checkbox>
        </div>
    );
}
