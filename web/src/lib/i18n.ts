/* Chinese first, English by a switch; the choice is kept in this browser. All texts are in text/. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from '@/text/en.json';
import zh from '@/text/zh-CN.json';

export type Lang = 'zh' | 'en';
const KEPT = 'bihuan.lang';

export const lang = (): Lang => (i18next.language === 'en' ? 'en' : 'zh');

function show(next: Lang) {
    document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
    document.title = i18next.t('app.title');
}

export async function startTexts() {
    await i18next.use(initReactI18next).init({
        lng: localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh',
        fallbackLng: false,
        resources: { zh: { translation: zh }, en: { translation: en } },
        interpolation: { escapeValue: false },
    });
    show(lang());
}

export function speak(next: Lang) {
    localStorage.setItem(KEPT, next);
    void i18next.changeLanguage(next).then(() => show(next));
}
