/* The figures as a table for a spreadsheet. */
import type { TFunction } from 'i18next';
import type { IndicatorValue } from '@/api/types.gen';
import { csvOf, save } from '@/lib/csv';
import { lang } from '@/lib/i18n';
import { numberOf, targetOf, unitOf } from '@/lib/figure';

export function saveTable(values: IndicatorValue[], period: string, t: TFunction) {
    const head = ['pack', 'by', 'name', 'value', 'unit', 'target', 'num', 'den', 'leftOut', 'excluded'].map((id) => t(`indicators.${id}`));
    const rows = values.map((v) => [
        v.pack,
        v.group,
        lang() === 'zh' ? v.title_zh : v.title_en,
        numberOf(v),
        unitOf(v, lang()),
        targetOf(v),
        v.num,
        v.den,
        v.left_out,
        v.excluded.map((e) => `${lang() === 'zh' ? e.reason_zh : e.reason_en} ${e.n}`).join('; '),
    ]);
    save(`bihuan-${period || 'all'}.csv`, csvOf([head, ...rows]), 'text/csv;charset=utf-8');
}
