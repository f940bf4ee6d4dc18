/* Editions of reports: where they are, and their figures in words, as the files say them too (src/desk/report/say.c). */
import { useQuery } from '@tanstack/react-query';
import type { EditionBody, EditionList, ReportDefinition, ReportInput, ReportSection, ReportValue } from '@/api/types.gen';
import { get } from '@/lib/api';
import { show, unitOf } from '@/lib/figure';
import type { Lang } from '@/lib/i18n';
import { keysOf } from '@/lib/keysOf';

export interface Of {
    pack: string;
    report: string;
    period: string;
}

const tail = (of: Of) => [of.pack, of.report, of.period].map(encodeURIComponent).join('/');
export const editionPath = (of: Of, edition: number | string) => `/api/reports/${tail(of)}/${edition}`;
export const draftPath = (of: Of) => `/api/report-drafts/${tail(of)}`;
export const editionPage = (of: Of, edition: number) => `/reports/${tail(of)}/${edition}`;
export const draftPage = (of: Of) => `/reports/${tail(of)}`;

export const useEditions = () => useQuery({ queryKey: keysOf.reports, queryFn: () => get<EditionList>('/api/reports') });

export const isOf = (e: Of, of: Of) => e.pack === of.pack && e.report === of.report && e.period === of.period;

/* ---- figures ---- */

export const definitionsOf = (body: EditionBody) => new Map(body.definitions.map((d) => [d.id, d]));

export const titleOf = (d: { title_zh: string; title_en: string }, lang: Lang) => (lang === 'zh' ? d.title_zh : d.title_en);

/* A value with what its indicator says of it, as lib/figure shows it. */
export const figureOf = (d: ReportDefinition, v: Partial<Pick<ReportValue, 'num' | 'den' | 'value'>>) => ({ ...d, num: v.num ?? 0, den: v.den ?? 0, value: v.value ?? null });

export function say(d: ReportDefinition, value: number | null | undefined, lang: Lang): string {
    const figure = figureOf(d, { value: value ?? undefined });
    const text = show(figure);
    const unit = unitOf(d, lang);
    return text === '—' || !unit ? text : `${text}${unit === '%' ? '' : ' '}${unit}`;
}

/* The change since then, as a share. */
export function change(now: number | null | undefined, then: number | null | undefined): string {
    if (now == null || then == null || then === 0) return '—';
    const x = (now / then - 1) * 100;
    return `${x < 0 ? '' : '+'}${x.toFixed(1)}%`;
}

const isMade = (d: ReportDefinition) => d.kind === 'derived' || d.kind === 'score';

/* Numerator and denominator, or the figures it is made of; "" of a plain count. */
export function partsOf(d: ReportDefinition, v: ReportValue, all: Map<string, ReportDefinition>, period: string, lang: Lang): string {
    if (!isMade(d)) return v.den ? `${v.num} / ${v.den}` : '';
    const one = (input: ReportInput) => {
        const of = all.get(input.id);
        const name = of ? titleOf(of, lang) : input.id;
        return [name, input.period === period ? '' : input.period, of ? say(of, input.value, lang) : '—'].filter(Boolean).join(' ');
    };
    return v.inputs.map(one).join(' · ');
}

export interface TakenOut {
    id: string;
    reason: string;
    n: number;
}

export const takenOut = (d: ReportDefinition, v: ReportValue, lang: Lang): TakenOut[] =>
    v.excluded.map(({ id, n }) => {
        const reason = d.excluded.find((one) => one.id === id);
        return { id, n, reason: (lang === 'zh' ? reason?.reason_zh : reason?.reason_en) ?? id };
    });

/* Side by side when nothing is compared: a line a group, a column an indicator. */
export const isGrid = (section: ReportSection) => section.by !== '' && !section.before && !section.year_on_year;
