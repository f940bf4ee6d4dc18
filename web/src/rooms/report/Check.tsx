/* An edition held against the ledger: made again from the events before it, and what came out. */
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { EditionBody, EditionCheck } from '@/api/types.gen';
import { get } from '@/lib/api';
import { Icon } from '@/parts/Icon';
import { Trouble } from '@/parts/Trouble';
import { Differences } from './Differences';
import { definitionsOf, editionPath } from './edition';

export const useCheck = (of: EditionBody) => useMutation({ mutationFn: () => get<EditionCheck>(`${editionPath(of, of.edition)}/check`) });

export function CheckButton({ check }: { check: ReturnType<typeof useCheck> }) {
    const { t } = useTranslation();
    return (
        <Button icon={<Icon name="audit" size={15} />} loading={check.isPending} onClick={() => check.mutate()} data-deed="check">
            {t('report.check')}
        </Button>
    );
}

export function CheckResult({ of, check }: { of: EditionBody; check: ReturnType<typeof useCheck> }) {
    const { t } = useTranslation();
    if (check.error) return <Trouble error={check.error} retry={() => check.mutate()} />;
    if (!check.data) return null;
    const { same, again, differences } = check.data;
    return (
        <section className={same ? 'check check-same' : 'check check-differs'} role="status" data-same={same}>
            <p>
                <Icon name={same ? 'check' : 'cross'} size={16} />
                <strong>{same ? t('report.checkSame', { size: of.size }) : t(differences.length ? 'report.checkDiffers' : 'report.checkOther', { n: differences.length })}</strong>
            </p>
            <p className="mono check-digest">{again}</p>
            {differences.length > 0 && (
                <Differences of={differences} sections={of.sections} definitions={definitionsOf(of)} period={of.period} was={t('report.theEdition')} is={t('report.theLedger')} />
            )}
            {!same && <p>{t('report.checkWayOut')}</p>}
        </section>
    );
}
