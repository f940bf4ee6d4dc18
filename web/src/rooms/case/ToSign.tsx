/* What waits for the reader's signature, among what they can do now. */
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView, DocumentView, SignerView } from '@/api/types.gen';
import { afterSigning, titleOf, toSign, useDocuments } from '@/lib/documents';
import { usePacks } from '@/lib/pack';
import { SignDialog } from './SignDialog';

/* The documents of the case that the reader is asked to sign. */
export function useToSign(of: CaseView): { of: DocumentView; signer: SignerView }[] {
    const makes = usePacks().makesDocuments(of.brief.pack);
    const all = useDocuments(of.brief.id, makes).data?.documents ?? [];
    return all.flatMap((one) => {
        const signer = toSign(one);
        return signer ? [{ of: one, signer }] : [];
    });
}

export function ToSign({ caseId, waits }: { caseId: string; waits: ReturnType<typeof useToSign> }) {
    const { t } = useTranslation();
    const client = useQueryClient();
    const [asked, setAsked] = useState<(typeof waits)[number] | null>(null);
    const done = () => {
        setAsked(null);
        afterSigning(client, caseId);
    };
    return (
        <div className="to-sign">
            {waits.map((one) => (
                <Button key={`${one.of.id}${one.of.version}`} type="primary" data-sign={one.of.id} onClick={() => setAsked(one)}>
                    {t('document.signOf', { title: titleOf(one.of) })}
                </Button>
            ))}
            {asked && <SignDialog caseId={caseId} of={asked.of} signer={asked.signer} done={done} close={() => setAsked(null)} />}
        </div>
    );
}
