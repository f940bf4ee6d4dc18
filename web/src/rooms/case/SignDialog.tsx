/* An official signs, or says why not. Stays open, with what was drawn and the refusal on it, until the server took it. */
import { Button, Input, Modal, Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentView, SignerView } from '@/api/types.gen';
import { answer, titleOf } from '@/lib/documents';
import { type Drawing, type Pad, startPad } from '@/lib/pad';
import { postOf, type Said } from '@/lib/signing';
import { useWrite } from '@/lib/useWrite';
import { useSay } from '@/parts/Trouble';
import { DocumentDialog } from './DocumentDialog';

type Deed = Said['deed'];
const DEEDS: readonly Deed[] = ['sign', 'object', 'refuse'];
const LONGEST = 500;

interface Props {
    caseId: string;
    of: DocumentView;
    signer: SignerView;
    done: () => void;
    close: () => void;
}

function PadField({ give, drew, drawing }: { give: (pad: Pad | null) => void; drew: (drawing: Drawing) => void; drawing: Drawing }) {
    const { t } = useTranslation();
    const canvas = useRef<HTMLCanvasElement>(null);
    const pad = useRef<Pad | null>(null);
    useEffect(() => {
        pad.current = startPad(canvas.current!, drew);
        give(pad.current);
        return () => {
            pad.current?.stop();
            give(null);
        };
    }, []);
    return (
        <>
            <p className="quiet">{t('document.signHint')}</p>
            <canvas ref={canvas} className="sign-pad" role="img" aria-label={t('document.canvas')} />
            <p className="sign-tools">
                <Button size="small" disabled={drawing.empty} onClick={() => pad.current?.undo()}>
                    {t('document.undo')}
                </Button>
                <Button size="small" disabled={drawing.empty} onClick={() => pad.current?.clear()}>
                    {t('document.clear')}
                </Button>
            </p>
        </>
    );
}

export function SignDialog({ caseId, of, signer, done, close }: Props) {
    const { t } = useTranslation();
    const say = useSay();
    const [deed, setDeed] = useState<Deed>('sign');
    const [reading, setReading] = useState(false);
    const [reason, setReason] = useState('');
    const [drawing, setDrawing] = useState<Drawing>({ empty: true, enough: false });
    const pad = useRef<Pad | null>(null);
    const opened = useRef(Date.now()); /* one body for one intention */
    const sending = useWrite(answer(caseId, of), done);
    const words = { sign: t('document.confirm'), object: t('document.object'), refuse: t('document.refuse') };
    const said = (): Said => (deed === 'sign' ? { deed, strokes: pad.current!.strokes() } : { deed, reason: reason.trim() });
    const send = () => sending.mutate(postOf(said(), of.sha256, opened.current, signer.id));
    const refusal = sending.error ? say(sending.error) : null;
    return (
        <Modal
            open
            title={t('document.signTitle', { role: titleOf(signer) })}
            onCancel={close}
            onOk={send}
            okText={words[deed]}
            cancelText={t('fire.cancel')}
            okButtonProps={{ danger: deed !== 'sign', disabled: deed === 'sign' ? !drawing.enough : !reason.trim() }}
            confirmLoading={sending.isPending}
            width={640}
        >
            <p>
                <strong>{titleOf(of)}</strong> <span className="quiet">{[of.number, t('document.version', { version: of.version })].filter(Boolean).join(' · ')}</span>{' '}
                <Button size="small" data-deed="read" onClick={() => setReading(true)}>
                    {t('document.view')}
                </Button>
            </p>
            <Segmented className="sign-deeds" value={deed} onChange={(next) => setDeed(next as Deed)} options={DEEDS.map((one) => ({ value: one, label: one === 'sign' ? t('document.sign') : words[one] }))} />
            {deed === 'sign' ? (
                <PadField give={(made) => (pad.current = made)} drew={setDrawing} drawing={drawing} />
            ) : (
                <>
                    <p className="sign-voids">{t('document.voids')}</p>
                    <Input.TextArea rows={3} maxLength={LONGEST} value={reason} onChange={(e) => setReason(e.target.value)} placeholder={t('document.reason')} aria-label={t('document.reason')} />
                </>
            )}
            {reading && <DocumentDialog caseId={caseId} of={of} close={() => setReading(false)} />}
            {refusal && (
                <p className="fire-refusal" role="alert">
                    <strong>{refusal.what}</strong> {refusal.hint}
                </p>
            )}
        </Modal>
    );
}
