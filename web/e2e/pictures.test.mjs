/* The two pictures of the README, from a city at work: `bihuan demo`. BIHUAN_IMG=docs/img says where they go. */
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { city, open, openCase, signIn } from './lib.mjs';

const here = city();
const folder = process.env.BIHUAN_IMG;
const SETTLED = 3000; /* the map draws on a canvas: nothing a selector could wait for */

describe('pictures', { skip: here && folder ? false : 'BIHUAN_SIGN_INS and BIHUAN_IMG are not both given', concurrency: 1 }, () => {
    let browser, duty, open_;
    before(async () => {
        browser = await open();
        duty = await signIn(browser, here.url, here.as('duty_officer'));
        open_ = (await duty.evaluate(async () => (await fetch('/api/cases?pack=incident&open=true&limit=200')).json())).cases;
    });
    after(async () => {
        await browser?.close();
    });

    it('the situation room, with one incident chosen', async () => {
        await duty.goto('/#/situation');
        await duty.waitForSelector('.queue-row');
        await duty.waitForTimeout(SETTLED);
        await duty.keyboard.press('j');
        await duty.waitForSelector('.case-card');
        await duty.waitForTimeout(SETTLED);
        await duty.screenshot({ path: join(folder, 'situation.png') });
    });

    it('a case on the scene, with the way it came', async () => {
        const there = ['on_scene', 'reported', 'enroute'].map((state) => open_.find((c) => c.state === state)).find(Boolean);
        await openCase(duty, there.id);
        await duty.waitForSelector('.edge-number');
        await duty.waitForTimeout(SETTLED);
        await duty.screenshot({ path: join(folder, 'case.png') });
    });
});
