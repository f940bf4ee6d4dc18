/* A length of time in words of the chosen language. */
import { useTranslation } from 'react-i18next';
import { span } from './time';

export function useSpan() {
    const { t } = useTranslation();
    return (ms: number) => {
        const { n, unit, rest } = span(ms);
        const head = t(`span.${unit}`, { n });
        if (!rest) return head;
        return `${head}${t('span.gap')}${t(unit === 'day' ? 'span.hour' : 'span.minute', { n: rest })}`;
    };
}
