/* One event, proved here: its head gives its leaf, leaf and path give the root, and that is the checkpoint's. */
import { useMutation } from '@tanstack/react-query';
import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proof } from '@/api/types.gen';
import { get } from '@/lib/api';
import { hashOf, leafHash, ProofError, toHex, verifyInclusion } from '@/lib/merkle';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { useCheckpoint } from './useCheckpoint';
import { Verdict } from './Verdict';

interface Proved {
    seq: number;
    size: number;
    steps: number;
    head: string;
    leaf: string;
    fault: string | null;
}

async function prove(seq: number, size: number, root: Uint8Array<ArrayBuffer>): Promise<Proved> {
    const proof = await get<Proof>('/api/audit/inclusion', { seq, size });
    const head = proof.head ?? '';
    const leaf = await leafHash(head);
    const done = { seq, size, steps: proof.hashes.length, head, leaf: toHex(leaf), fault: null };
    try {
        if (proof.leaf && toHex(hashOf(proof.leaf)) !== done.leaf) throw new ProofError('leaf');
        if ((JSON.parse(head) as unknown[])[0] !== seq) throw new ProofError('leaf');
        await verifyInclusion(seq - 1, size, leaf, proof.hashes.map(hashOf), root);
        return done;
    } catch (error) {
        return { ...done, fault: error instanceof ProofError ? error.why : 'leaf' };
    }
}

export function Prove() {
    const { t } = useTranslation();
    const checkpoint = useCheckpoint().data;
    const [seq, setSeq] = useState<number | null>(null);
    const run = useMutation({ mutationFn: (n: number) => prove(n, checkpoint!.note.size, checkpoint!.note.root) });
    const start = () => seq && checkpoint && run.mutate(seq);
    const of = run.data;
    return (
        <Panel title={t('audit.proof')}>
            <p className="audit-hint">{t('audit.proofHint')}</p>
            <div className="prove">
                <InputNumber
                    aria-label={t('audit.seq')}
                    placeholder={t('audit.seq')}
                    min={1}
                    max={checkpoint?.note.size}
                    precision={0}
                    value={seq}
                    onChange={setSeq}
                    onPressEnter={start}
                />
                <Button type="primary" disabled={!seq || !checkpoint} loading={run.isPending} onClick={start}>
                    {t('audit.verify')}
                </Button>
            </div>
            {run.error && <Trouble error={run.error} />}
            {of && (
                <>
                    <Verdict is={of.fault ? 'bad' : 'good'}>
                        {of.fault ? t('audit.notIncluded', { why: t(`why.${of.fault}`) }) : t('audit.included', { seq: of.seq, size: of.size, n: of.steps })}
                    </Verdict>
                    <dl className="facts">
                        <dt>{t('audit.head')}</dt>
                        <dd className="mono">{of.head}</dd>
                        <dt>{t('audit.leaf')}</dt>
                        <dd className="mono">{of.leaf}</dd>
                    </dl>
                </>
            )}
        </Panel>
    );
}
