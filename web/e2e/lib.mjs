/* For the stories: the city they play in, its sign-ins, a browser, and the resident's link. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS =
    '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking ' +
    '--disable-component-update --disable-sync --use-angle=swiftshader --enable-unsafe-swiftshader';

/* BIHUAN_SIGN_INS: the file `bihuan demo` writes, {"url", "logins": [{"login", "password", "roles"}]}; BIHUAN_URL wins over
 * its url. */
export function city(file = process.env.BIHUAN_SIGN_INS) {
    if (!file) return null;
    const { url, logins } = JSON.parse(readFileSync(file, 'utf8'));
    const holds = (login, role) => [login.roles].flat().join(',').split(',').includes(role);
    return {
        url: process.env.BIHUAN_URL ?? url,
        as: (role) => logins.find((login) => holds(login, role)) ?? fail(`nobody in ${file} is ${role}`),
        /* Stands in for the text message: the link is a keyed hash of the case (guard/resident.c), made with the city's key. */
        linkOf: (caseId) => {
            const base64 = /^residents\+\w+\+(\S+)/.exec(readFileSync(join(dirname(file), 'keys', 'residents.key'), 'utf8'))[1];
            const mac = createHmac('sha256', Buffer.from(base64, 'base64'));
            const id = Buffer.from(caseId.replaceAll('-', ''), 'hex');
            mac.update('bihuan party link\0').update(id).update('resident');
            return Buffer.concat([id, mac.digest().subarray(0, 16)]).toString('base64url');
        },
    };
}

const fail = (why) => {
    throw new Error(why);
};

export const open = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS.split(' ') });

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/* A page of its own browser context. What the page complains of is kept: a story ends without complaints. */
export async function page(browser, base, { phone = false, lang = 'zh', theme = 'day', at } = {}) {
    const context = await browser.newContext({
        baseURL: base,
        viewport: phone ? PHONE : DESK,
        hasTouch: phone,
        geolocation: at,
        permissions: at ? ['geolocation'] : [],
    });
    await context.addInitScript(
        ([l, t]) => {
            localStorage.setItem('bihuan.lang', l);
            localStorage.setItem('bihuan.theme', t);
        },
        [lang, theme],
    );
    const made = await context.newPage();
    made.setDefaultTimeout(20_000);
    made.complaints = [];
    made.on('pageerror', (error) => made.complaints.push(error.message));
    made.on('console', (message) => {
        /* 401: not signed in yet; 403: the purpose ended with the case */
        if (message.type() === 'error' && !/status of 40[13]/.test(message.text())) made.complaints.push(message.text());
    });
    return made;
}

export async function signIn(browser, base, login, options = {}) {
    const made = await page(browser, base, options);
    await made.goto('/');
    await made.fill('#login', login.login);
    await made.fill('#password', login.password);
    await made.click('button[type=submit]');
    await made.waitForSelector('.frame');
    return made;
}

/* Choose the purpose when the page asks for one. */
export async function openCase(made, id) {
    await made.goto(`/#/cases/${id}`);
    await made.waitForSelector('.purpose-bar');
    if (await made.locator('.purpose-asked').count()) await made.click('.purpose-bar .ant-segmented-item');
    await made.waitForSelector('.case-head');
}
