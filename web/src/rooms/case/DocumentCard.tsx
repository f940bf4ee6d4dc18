/* One version of a document: what it is, in which state, who signed. */
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentView, SignerView } from '@/api/types.gen';
import { inFours } from '@/lib/code';
import { download, titleOf, toSign } from '@/lib/documents';
import { formatNear } from '@/lib/time';
import { Icon } from '@/parts/Icon';
import { useSay } from '@/parts/Trouble';
import type { Asked } from './Documents';

interface Props {
    caseId: string;
    of: DocumentView;
    reasons: (() => void) | null; /* asks why somebody did not sign */
    now: number;
    ask: (asked: Asked) => void;
}

function Signer({ of, now, link, reasons }: { of: SignerView; now: number; link: (() => void) | null; reasons: Props['reasons'] }) {
    const { t } = useTranslation();
    const declined = of.state === 'refused' || of.state === 'objected';
    return (
        <li className={`signer signer-${of.state}`} data-signer={of.id}>
            <p>
                <span>{titleOf(of)}</span>
                <b>{t(`document.signer.${of.state}`)}</b>
                {of.at != null && of.state !== 'waiting' && <time className="quiet">{formatNear(of.at, now)}</time>}
                {declined && !of.reason && reasons && (
                    <Button size="small" data-deed="reasons" onClick={reasons}>
                        {t('document.reasons')}
                    </Button>
                )}
                {link && (
                    <Button size="small" icon={<Icon name="qr" size={14} />} onClick={link}>
                        {t('document.link')}
                    </Button>
                )}
            </p>
            {of.by && <p className="quiet">{t('document.by', { who: of.by })}</p>}
            {of.reason && <p className="signer-why">{of.reason}</p>}
        </li>
    );
}

function useDownload(caseId: string, of: DocumentView) {
    const { message } = App.useApp();
    const say = useSay();
    const [busy, setBusy] = useState(false);
    const start = async () => {
        setBusy(true);
        await download(caseId, of).catch((error: unknown) => void message.error([say(error).what, say(error).hint].filter(Boolean).join(' · ')));
        setBusy(false);
    };
    return { busy, start: () => void start() };
}

function useCopy() {
    const { t } = useTranslation();
    const { message } = App.useApp();
    return async (code: string) => {
        await navigator.clipboard.writeText(code);
        message.success(t('document.copied'));
    };
}

export function DocumentCard({ caseId, of, reasons, now, ask }: Props) {
    const { t } = useTranslation();
    const copy = useCopy();
    const file = useDownload(caseId, of);
    const mine = toSign(of);
    const { code } = of;
    const when = of.sealed_at != null ? t('document.sealedAt', { at: formatNear(of.sealed_at, now) }) : formatNear(of.at, now);
    const kept = of.retention > 0 ? t('document.kept', { years: of.retention }) : t('document.forever');
    return (
        <li className={`document document-${of.state}`} data-document={of.id} data-version={of.version}>
            <p className="document-head">
                <strong>{titleOf(of)}</strong>
                <span className="document-state">{t(`document.state.${of.state === 'made' && of.signers.length === 0 ? 'issued' : of.state}`)}</span>
            </p>
            <p className="quiet">{of.number}</p>
            <p className="quiet">{[t('document.version', { version: of.version }), of.pages > 0 && t('document.pages', { pages: of.pages }), when, kept].filter(Boolean).join(' · ')}</p>
            {of.signers.length > 0 && (
                <ul className="signers">
                    {of.signers.map((signer) => (
                        <Signer key={signer.id} of={signer} now={now} reasons={reasons} link={signer.may_link ? () => ask({ what: 'link', of, signer }) : null} />
                    ))}
                </ul>
            )}
            <p className="document-deeds no-print">
                {mine && (
                    <Button type="primary" size="small" data-deed="sign" onClick={() => ask({ what: 'sign', of, signer: mine })}>
                        {t('document.sign')}
                    </Button>
                )}
                {of.readable && (
                    <>
                        <Button size="small" data-deed="view" onClick={() => ask({ what: 'view', of })}>
                            {t('document.view')}
                        </Button>
                        <Button size="small" data-deed="download" loading={file.busy} onClick={file.start}>
                            {t('document.download')}
                        </Button>
                    </>
                )}
                {code && (
                    <Button size="small" data-deed="code" title={inFours(code)} onClick={() => void copy(inFours(code))}>
                        {t('document.code')}
                    </Button>
                )}
            </p>
            {!of.readable && <p className="quiet">{t('document.unreadable')}</p>}
            {of.readable && of.private && (
                <p className="quiet document-private">
                    <Icon name="lock" size={12} /> {t('document.private')}
                </p>
            )}
        </li>
    );
}
