/* For what purpose this case is looked at, on what basis, and the number under which the log says so. */
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '@/api/types.gen';
import { type PackPurpose, say } from '@/lib/pack';
import { Icon } from '@/parts/Icon';

interface Props {
    purposes: readonly PackPurpose[];
    chosen: string | null;
    choose: (id: string) => void;
    view: CaseView | undefined;
    refresh: () => void;
    busy: boolean;
}

export function PurposeBar({ purposes, chosen, choose, view, refresh, busy }: Props) {
    const { t } = useTranslation();
    return (
        <div className={chosen || purposes.length === 0 ? 'purpose-bar' : 'purpose-bar purpose-asked'}>
            <Button type="text" size="small" className="no-print" icon={<Icon name="back" size={15} />} onClick={() => history.back()}>
                {t('app.back')}
            </Button>
            <span className="purpose-label">
                <Icon name="lock" size={15} /> {t('case.purpose')}
            </span>
            {purposes.length > 0 && (
                <Segmented
                    size="small"
                    value={chosen ?? ''}
                    onChange={(id) => choose(String(id))}
                    options={purposes.map((p) => ({ value: p.id, label: say(p) }))}
                />
            )}
            {!chosen && <span>{t(purposes.length > 0 ? 'case.choosePurpose' : 'case.noPurpose')}</span>}
            {view && (
                <span className="purpose-logged">
                    {t('case.logged', { seq: view.audit_seq })} · {t('case.basis', { basis: view.basis })}
                </span>
            )}
            <span className="bar-space" />
            {chosen && (
                <Button type="text" size="small" loading={busy} icon={<Icon name="refresh" size={15} />} onClick={refresh} className="no-print">
                    {t('case.refresh')}
                </Button>
            )}
            <Button type="text" size="small" icon={<Icon name="print" size={15} />} onClick={() => window.print()} className="no-print wide-only">
                {t('case.print')}
            </Button>
        </div>
    );
}
