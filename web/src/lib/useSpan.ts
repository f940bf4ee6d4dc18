/* A length of time in words of the chosen language. */
import { useTranslation } from 'react-i18next';
import type { Measure } from './pack';
import { span } from './time';

const HOUR = 3_600_000;
const tenths = (x: number) => Math.round(x * 10) / 10;

export function useSpan() {
    const { t } = useTranslation();
    return (ms: number, measure: Measure = 'natural') => {
        if (measure === 'workday') return t('span.workday', { n: tenths(ms / (24 * HOUR)) });
        if (measure === 'office') return t('span.workhour', { n: tenths(ms / HOUR) });
        const { n, unit, rest } = span(ms);
        const head = t(`span.${unit}`, { n });
        if (!rest) return head;
        return `${head}${t('span.gap')}${t(unit === 'day' ? 'span.hour' : 'span.minute', { n: rest })}`;
    };
}
