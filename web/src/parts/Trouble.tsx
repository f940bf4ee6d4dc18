/* Something was refused or did not arrive: what, the server's hint, and a way out. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/lib/api';
import './states.css';

export function useSay() {
    const { t, i18n } = useTranslation();
    return (error: unknown): { what: string; hint?: string } => {
        if (!(error instanceof ApiError)) return { what: t('trouble.ours'), hint: error instanceof Error ? error.message : undefined };
        const { code, error: text, where, hint } = error.problem;
        const key = `trouble.code.${code.split('/').pop()}`;
        const what = i18n.exists(key) ? t(key) : text;
        const more = [i18n.exists(key) && code !== 'network' ? text : null, where, hint].filter(Boolean).join(' · ');
        return { what, hint: more || undefined };
    };
}

export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
    const { t } = useTranslation();
    const { what, hint } = useSay()(error);
    return (
        <div className="state state-trouble" role="alert">
            <strong>{what}</strong>
            {hint && <p>{hint}</p>}
            {retry && (
                <Button size="small" onClick={retry}>
                    {t('trouble.again')}
                </Button>
            )}
        </div>
    );
}
