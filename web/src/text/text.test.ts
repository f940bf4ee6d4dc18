import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import en from './en.json';
import zh from './zh-CN.json';

type Texts = { [key: string]: string | Texts };
const flat = (texts: Texts, prefix = ''): [string, string][] =>
    Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`)));

const here = fileURLToPath(new URL('..', import.meta.url));
const sources = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|\.gen\./.test(name))
    .map((name) => ({ name, text: readFileSync(join(here, name), 'utf8') }));

const chinese = new Map(flat(zh));
const english = new Map(flat(en));
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();

describe('the texts', () => {
    it('are the same in both languages, key for key', () => {
        expect([...chinese.keys()].filter((key) => !english.has(key))).toEqual([]);
        expect([...english.keys()].filter((key) => !chinese.has(key))).toEqual([]);
    });
    it('hold no key twice', () => {
        const lines = (text: string) => text.trimEnd().split('\n').map((line) => line.replace(/,$/, '')).sort();
        for (const [name, texts] of [['en', en], ['zh-CN', zh]] as const)
            expect(lines(readFileSync(join(here, 'text', `${name}.json`), 'utf8')), name).toEqual(lines(JSON.stringify(texts, null, 2)));
    });
    it('have the same holes to fill', () => {
        for (const [key, text] of chinese) expect(holes(english.get(key)!), key).toEqual(holes(text));
    });
    it('are never empty, but for the gap between two parts of a time', () => {
        for (const texts of [chinese, english]) for (const [key, text] of texts) if (key !== 'span.gap') expect(text.trim(), key).not.toBe('');
    });
    it('hold every key the pages ask for', () => {
        const missing: string[] = [];
        for (const { name, text } of sources)
            for (const line of text.split('\n').filter((one) => /\bt\(/.test(one)))
                for (const [, key, area] of line.matchAll(/'((\w+)\.[\w.-]+)'/g)) if (area! in zh && !chinese.has(key!)) missing.push(`${name}: ${key}`);
        expect(missing).toEqual([]);
    });
    it('hold something under every prefix the pages complete', () => {
        const missing: string[] = [];
        for (const { name, text } of sources)
            for (const [, prefix] of text.matchAll(/\bt\([^)]*?`([\w.-]+\.)\$\{/g))
                if (![...chinese.keys()].some((key) => key.startsWith(prefix!))) missing.push(`${name}: ${prefix}`);
        expect(missing).toEqual([]);
    });
    it('are only in the text files: no Chinese in a page', () => {
        const found = sources.filter(({ name, text }) => !name.startsWith('text') && /[\u4e00-\u9fff]/.test(text.replace(/\/\*[\s\S]*?\*\//g, ''))).map(({ name }) => name);
        expect(found).toEqual(['app/Bar.tsx', 'lib/public.ts', 'rooms/guard/SignIn.tsx']); /* names of languages, dates */
    });
});

describe('the rooms', () => {
    it('never import one another', () => {
        const crossing = sources.flatMap(({ name, text }) => {
            const room = /^rooms\/(\w+)\//.exec(name)?.[1];
            return [...text.matchAll(/from '(?:@\/rooms\/|\.\.\/)(\w+)/g)].filter(([, other]) => room && other !== room).map(([, other]) => `${name} -> ${other}`);
        });
        expect(crossing).toEqual([]);
    });
    it('are used by parts and lib never', () => {
        expect(sources.filter(({ name, text }) => /^(parts|lib)\//.test(name) && text.includes('@/rooms/')).map(({ name }) => name)).toEqual([]);
    });
});
