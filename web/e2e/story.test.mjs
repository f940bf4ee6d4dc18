/* One call, from arrival to the figures, in the browsers of everybody it passes through. Wants a city in which nobody else
 * acts: `bihuan demo --still --speed 1`. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { city, open, openCase, page, signIn } from './lib.mjs';

const here = city();

describe('a call walks the loop', { skip: here ? false : 'BIHUAN_SIGN_INS names no city', concurrency: 1 }, () => {
    const call = {};
    let browser, operator, unit, duty, leader, resident, before_;
    const pages = () => [operator, unit, duty, leader, resident].filter(Boolean);
    const fire = (p, event) => p.click(`[data-event="${event}"]`);
    const state = (p, title) => p.waitForSelector(`.case-tags .tag:text-is("${title}")`);
    const figure = async (p, id) => {
        const row = p.locator(`[data-indicator="incident/${id}"]`);
        await row.waitFor();
        return Number(await row.locator('td').nth(2).innerText());
    };

    before(async () => {
        browser = await open();
    });
    after(async () => {
        await browser?.close();
    });

    it('the leader sees how often residents answered so far', async () => {
        leader = await signIn(browser, here.url, here.as('leader'));
        await leader.goto('/#/indicators');
        before_ = await figure(leader, 'rating_rate');
    });

    it('the operator writes down type and place, and the case has a number', async () => {
        operator = await signIn(browser, here.url, here.as('dispatcher'));
        await operator.goto('/#/call');
        await operator.click('.choices >> text=扰民');
        const street = await operator.evaluate(async () => (await (await fetch('/api/map')).json()).features.find((f) => f.properties.kind === 'avenue').properties.name);
        await operator.fill('#place', `${street}128号`);
        await operator.waitForSelector('.point-words');
        const [lat, lon] = (await operator.innerText('.point-words')).split('·').at(-1).split(',').map(Number);
        call.at = { latitude: lat, longitude: lon };
        await operator.click('button[type=submit]');
        const outcome = operator.locator('[data-case]');
        await outcome.waitFor();
        call.id = await outcome.getAttribute('data-case');
        call.number = /JQ[-\d]+/.exec(await outcome.innerText())[0];
        assert.match(call.id, /^[0-9a-f-]{36}$/);
    });

    it('it is on the duty officer\'s screen', async () => {
        duty = await signIn(browser, here.url, here.as('duty_officer'));
        await duty.goto('/#/situation');
        await duty.waitForSelector(`#queue-${call.id}`);
        await duty.click(`#queue-${call.id} button`);
        await duty.waitForSelector('.case-card');
        await duty.waitForSelector('.map-canvas canvas');
    });

    it('the unit nearby says where it is', async () => {
        unit = await signIn(browser, here.url, here.as('unit'), { phone: true, at: call.at });
        await unit.goto('/#/tasks');
        await clearDesk(unit);
        await unit.click('.share');
        await unit.waitForSelector('.share [data-told]:not([data-told=""])');
    });

    it('the dispatcher sends, and the nearest unit has it at once', async () => {
        await openCase(operator, call.id);
        await fire(operator, 'triage');
        await state(operator, '待接令');
        await unit.waitForSelector(`[data-number="${call.number}"]`);
    });

    it('the unit accepts, arrives and reports by one tap each', async () => {
        const task = unit.locator(`[data-number="${call.number}"]`);
        await task.locator('[data-event=accept]').tap();
        await task.locator('[data-event=arrive]').tap();
        await task.locator('[data-event=report] >> text=受案调查').tap(); /* asks for its words, already begun */
        await unit.waitForSelector('.fire-dialog textarea:focus');
        assert.equal(await unit.locator('.fire-dialog .ant-radio-button-wrapper-checked').innerText(), '受案调查');
        await unit.locator('.fire-dialog .ant-btn').first().tap();
        await unit.locator('.fire-dialog').waitFor({ state: 'hidden' });
        await task.locator('[data-event=report] >> text=当场调解').tap();
        await task.waitFor({ state: 'detached' });
        assert.equal(await unit.locator('.fire-dialog').count(), 0);
    });

    it('the duty officer disposes of it with the evidence, and the page shows the whole way', async () => {
        await openCase(duty, call.id);
        await state(duty, '已反馈');
        await fire(duty, 'dispose');
        await duty.click('.fire-dialog .choices >> text=处警记录');
        await duty.click('.fire-dialog .ant-btn-primary');
        await state(duty, '已处置待评价');
        assert.equal(await duty.locator('.edge-number').count(), 5);
        await duty.locator('[data-item="n:disposed"]').focus();
        await duty.keyboard.press('ArrowDown');
        assert.match(await duty.innerText('.chart-details'), /已处置待评价 → .*评价/);
        assert.match(await duty.innerText('.purpose-logged'), /第 \d+ 号/);
    });

    it('the resident rates it by the link, once', async () => {
        resident = await page(browser, here.url, { phone: true });
        await resident.goto(`/r/${here.linkOf(call.id)}`);
        assert.match(await resident.innerText('.number'), new RegExp(call.number));
        await resident.locator('[data-level="5"]').tap();
        await resident.locator('.send').tap();
        await resident.waitForSelector('[data-state=answered]');
        await resident.reload();
        await resident.waitForSelector('[data-state=answered]');
        assert.equal(await resident.locator('.level').count(), 0);
    });

    it('the case is closed, and the duty officer\'s page says so by itself', async () => {
        await state(duty, '已办结');
    });

    it('the figure on the leader\'s screen has changed by one, and the call is behind it', async () => {
        await leader.waitForFunction(
            (want) => document.querySelector('[data-indicator="incident/rating_rate"]')?.children[3]?.textContent === String(want),
            before_ + 1,
        );
        await leader.click('[data-indicator="incident/rating_rate"] a');
        await leader.waitForSelector(`.events >> text=${call.number}`);
        await leader.goto('/#/indicators/incident/closed_share/all'); /* made of two figures, each of events */
        await leader.click('[data-input=opened] a');
        await leader.waitForSelector(`.events >> text=${call.number}`);
    });

    it('the auditor finds who looked, and proves it in the browser', async () => {
        const auditor = await signIn(browser, here.url, here.as('auditor'));
        await auditor.goto('/#/audit');
        await auditor.waitForSelector('.verdict-good');
        const row = auditor.locator(`tr.audit-read:has-text("${call.number}")`).first();
        const seq = (await row.locator('td').first().innerText()).trim();
        await auditor.fill('.prove input', seq);
        await auditor.click('.prove .ant-btn-primary');
        await auditor.waitForSelector(`.verdict-good:has-text("${seq}")`);
        assert.deepEqual(auditor.complaints, []);
    });

    it('no page complained', () => {
        assert.deepEqual(pages().flatMap((p) => p.complaints), []);
    });

    /* What the night left on the unit's list is finished first. */
    async function clearDesk(p) {
        await p.waitForSelector('.task, .state-empty');
        for (let left = await p.locator('.task').count(); left > 0; left = await p.locator('.task').count()) {
            const task = p.locator('.task').first();
            const number = await task.getAttribute('data-number');
            const main = task.locator('.ant-btn-primary, .quick').first();
            const event = await main.getAttribute('data-event');
            const choices = task.locator('.quick label');
            await ((await choices.count()) ? choices.first() : main).tap();
            const of = event === 'report' ? '' : ` [data-event=${event}]`;
            await p.locator(`[data-number="${number}"]${of}`).waitFor({ state: 'detached' });
        }
    }
});
