/* For those who check the checkers: the ledger's checkpoint, one event proved, and who looked at what. */
import { useTranslation } from 'react-i18next';
import { useMay } from '@/lib/session';
import { AuditEvents } from './AuditEvents';
import { Checkpoint } from './Checkpoint';
import { Prove } from './Prove';
import './audit.css';

export default function Audit() {
    const { t } = useTranslation();
    const mayProve = useMay('audit.proof');
    const mayView = useMay('audit.view');
    return (
        <div className="audit">
            <header className="audit-head">
                <h1>{t('audit.title')}</h1>
                {!window.isSecureContext && <strong className="audit-bad">{t('audit.secure')}</strong>}
            </header>
            <div className="audit-top">
                <Checkpoint />
                {mayProve && <Prove />}
            </div>
            {mayView && <AuditEvents />}
        </div>
    );
}
