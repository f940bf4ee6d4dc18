/* The documents of a case: the newest version of each with its signers, older ones folded away; and what may be done with
 * them: look, sign, show somebody the code to sign with. Not there when the service makes no documents. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView, DocumentView, SignerView } from '@/api/types.gen';
import { afterSigning, byAge, useDocuments } from '@/lib/documents';
import { usePacks } from '@/lib/pack';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { DocumentCard } from './DocumentCard';
import { DocumentDialog } from './DocumentDialog';
import { LinkDialog } from './LinkDialog';
import { SignDialog } from './SignDialog';
import './documents.css';

export type Asked = { what: 'view'; of: DocumentView } | { what: 'sign' | 'link'; of: DocumentView; signer: SignerView };

export function Documents({ of, now }: { of: CaseView; now: number }) {
    const { t } = useTranslation();
    const client = useQueryClient();
    const packs = usePacks();
    const [asked, setAsked] = useState<Asked | null>(null);
    const caseId = of.brief.id;
    const [reasons, setReasons] = useState(false);
    const makes = packs.makesDocuments(of.brief.pack);
    const documents = useDocuments(caseId, makes, reasons ? of.purpose : undefined);
    const all = documents.data?.documents ?? [];
    const { newest, older } = byAge(all);
    if (!makes) return null;
    const done = () => {
        setAsked(null);
        afterSigning(client, caseId);
    };
    const close = () => setAsked(null);
    const cards = (some: readonly DocumentView[]) => (
        <ul className="documents">
            {some.map((one) => (
                <DocumentCard key={`${one.id}${one.version}`} caseId={caseId} of={one} reasons={reasons ? null : () => setReasons(true)} now={now} ask={setAsked} />
            ))}
        </ul>
    );
    return (
        <Panel title={t('document.title')} className="panel-documents">
            {documents.isPending && <Waiting lines={3} />}
            {documents.error && <Trouble error={documents.error} retry={() => void documents.refetch()} />}
            {documents.isSuccess && all.length === 0 && <p className="panel-none">{t('document.none')}</p>}
            {newest.length > 0 && cards(newest)}
            {older.length > 0 && (
                <details className="documents-older">
                    <summary>{t('document.older', { count: older.length })}</summary>
                    {cards(older)}
                </details>
            )}
            {asked?.what === 'view' && <DocumentDialog caseId={caseId} of={asked.of} close={close} />}
            {asked?.what === 'sign' && <SignDialog caseId={caseId} of={asked.of} signer={asked.signer} done={done} close={close} />}
            {asked?.what === 'link' && <LinkDialog caseId={caseId} of={asked.of} signer={asked.signer} close={done} />}
        </Panel>
    );
}
