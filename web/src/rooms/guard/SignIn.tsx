/* The door. One text for every refusal, as the server gives it: logins cannot be tried out here. */
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lang, speak } from '@/lib/i18n';
import { useSignIn } from '@/lib/session';
import { Mark } from '@/parts/Mark';
import { useSay } from '@/parts/Trouble';
import { LoopDrawing } from './LoopDrawing';
import './signin.css';

export function SignIn() {
    const { t } = useTranslation();
    const signIn = useSignIn();
    const say = useSay();
    const [busy, setBusy] = useState(false);
    const [refusal, setRefusal] = useState<{ what: string; hint?: string } | null>(null);

    const enter = async ({ login, password }: { login: string; password: string }) => {
        setBusy(true);
        setRefusal(null);
        try {
            await signIn(login.trim(), password);
        } catch (error) {
            setRefusal(say(error));
            setBusy(false);
        }
    };

    return (
        <div className="door">
            <LoopDrawing />
            <main className="door-panel">
                <div className="door-brand">
                    <Mark size={40} />
                    <div>
                        <h1>{t('app.name')}</h1>
                        <p>{t('app.motto')}</p>
                    </div>
                </div>
                <Form layout="vertical" requiredMark={false} onFinish={enter} disabled={busy}>
                    <Form.Item name="login" label={t('signIn.login')} rules={[{ required: true, message: t('signIn.loginMissing') }]}>
                        <Input size="large" autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={64} />
                    </Form.Item>
                    <Form.Item name="password" label={t('signIn.password')} rules={[{ required: true, message: t('signIn.passwordMissing') }]}>
                        <Input.Password size="large" autoComplete="current-password" maxLength={256} />
                    </Form.Item>
                    {refusal && (
                        <p className="door-refusal" role="alert">
                            {refusal.what}
                        </p>
                    )}
                    <Button type="primary" htmlType="submit" size="large" block loading={busy}>
                        {t('signIn.enter')}
                    </Button>
                </Form>
                <p className="door-foot">
                    <span>{t('signIn.logged')}</span>
                    <button type="button" className="door-lang" onClick={() => speak(lang() === 'zh' ? 'en' : 'zh')}>
                        {lang() === 'zh' ? 'English' : '中文'}
                    </button>
                </p>
            </main>
        </div>
    );
}
