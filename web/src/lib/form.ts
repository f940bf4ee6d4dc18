/* A pack's form (JSON Schema with layout hints, docs/packs.md "forms") as the console draws it: sections of fields, which of
 * them show and which must be filled in, given what was said so far. The server checks again, and has the last word. */
import type { JsonObject, JsonValue } from '@/api/types.gen';
import { lang } from './i18n';

export interface FormSection {
    title: string;
    fields: string[];
    columns: number;
}
export type Said = Readonly<Record<string, unknown>>;

const object = (v: JsonValue | undefined): JsonObject => (v && typeof v === 'object' && !Array.isArray(v) ? v : {});
const list = (v: JsonValue | undefined): JsonValue[] => (Array.isArray(v) ? v : []);
const words = (v: JsonValue | undefined): string => String(object(v)[lang()] ?? '');
export const property = (form: JsonObject | undefined, id: string): JsonObject => object(object(form?.properties)[id]);

/* What the layout names, then what it forgot, then what is needed besides. */
export function sectionsOf(form: JsonObject | undefined, needs: readonly string[]): FormSection[] {
    const laid = list(object(form?.['x-layout']).sections).map((s) => ({
        title: words(object(s).title),
        fields: list(object(s).fields).map(String),
        columns: object(s).columns === 2 ? 2 : 1,
    }));
    const named = new Set(laid.flatMap((s) => s.fields));
    const rest = [...new Set([...Object.keys(object(form?.properties)), ...needs])].filter((id) => !named.has(id));
    return rest.length > 0 ? [...laid, { title: '', fields: rest, columns: 1 }] : laid;
}

export const helpOf = (form: JsonObject | undefined, id: string): string => words(property(form, id)['x-help']);

export const shows = (form: JsonObject | undefined, id: string, said: Said): boolean =>
    Object.entries(object(property(form, id)['x-show-if'])).every(([other, value]) => said[other] === value);

/* The condition of `if`, as far as forms use it: properties that must be there and have one value. */
function holds(condition: JsonObject, said: Said): boolean {
    const there = list(condition.required).every((id) => said[String(id)] !== undefined);
    return there && Object.entries(object(condition.properties)).every(([id, rule]) => said[id] === undefined || object(rule).const === undefined || object(rule).const === said[id]);
}

export function mustFill(form: JsonObject | undefined, needs: readonly string[], id: string, said: Said): boolean {
    const branch = form?.if ? object(holds(object(form.if), said) ? form.then : form.else) : {};
    return needs.includes(id) || list(form?.required).includes(id) || list(branch.required).includes(id);
}

/* What must still be filled in, given what was said. */
export const missing = (form: JsonObject | undefined, needs: readonly string[], said: Said): string[] =>
    sectionsOf(form, needs)
        .flatMap((section) => section.fields)
        .filter((id) => shows(form, id, said) && mustFill(form, needs, id, said) && (said[id] ?? '') === '');

/* Left empty is not said at all. */
export const saidOnly = (said: Said): JsonObject =>
    Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== null && value !== '')) as JsonObject;
