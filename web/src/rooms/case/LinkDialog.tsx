/* The code with which one signer signs on a telephone of their own. It is asked for when the dialog opens, and is in the log. */
import { App, Button, Modal } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentView, SignerView } from '@/api/types.gen';
import { linkFor, titleOf } from '@/lib/documents';
import { useWrite } from '@/lib/useWrite';
import { Qr } from '@/parts/Qr';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';

interface Props {
    caseId: string;
    of: DocumentView;
    signer: SignerView;
    close: () => void;
}

export function LinkDialog({ caseId, of, signer, close }: Props) {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const link = useWrite(linkFor(caseId, of));
    const asked = useRef(false);
    useEffect(() => {
        if (asked.current) return;
        asked.current = true;
        link.mutate(signer.id);
    }, [link, signer.id]);
    const role = titleOf(signer);
    const url = link.data ? (link.data.url ?? new URL(link.data.path, location.origin).href) : '';
    const copy = async () => {
        await navigator.clipboard.writeText(url);
        message.success(t('document.linkCopied'));
    };
    return (
        <Modal
            open
            title={t('document.linkTitle', { role })}
            onCancel={close}
            width={420}
            footer={[
                <Button key="copy" disabled={!url} onClick={() => void copy()}>
                    {t('document.copyLink')}
                </Button>,
                <Button key="close" type="primary" onClick={close}>
                    {t('app.close')}
                </Button>,
            ]}
        >
            <p className="quiet">
                {t('document.viewOf', { title: titleOf(of), version: of.version })} · {of.number}
            </p>
            {link.isPending && <Waiting lines={4} />}
            {link.error && <Trouble error={link.error} retry={() => link.mutate(signer.id)} />}
            {url && <Qr text={url} label={t('document.qr', { role })} />}
            <p>{t('document.linkHint', { role })}</p>
        </Modal>
    );
}
