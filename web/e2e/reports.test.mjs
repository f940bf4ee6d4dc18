/* A month's report from its draft to the paper, in the leader's browser. Wants a city in which nobody else acts:
 * `bihuan demo --still --speed 1`. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { city, open, signIn } from './lib.mjs';

const here = city();

describe('a report is frozen and corrected', { skip: here ? false : 'BIHUAN_SIGN_INS names no city', concurrency: 1 }, () => {
    let browser, leader, digest;
    const row = 'tr[data-report^="incident/monthly/"]';
    const opened = async (p) => Number(await p.locator('[data-value="/opened"] [data-number]').first().getAttribute('data-number'));

    before(async () => {
        browser = await open();
    });
    after(async () => {
        await browser?.close();
    });

    it('the leader finds the reports by the keyboard', async () => {
        leader = await signIn(browser, here.url, here.as('leader'));
        await leader.keyboard.press('g');
        await leader.keyboard.press('r');
        await leader.waitForSelector(row);
        /* other services' reports stand before the emergency calls' */
        const above = await leader.locator('tr[data-report]').evaluateAll(
            (rows, own) => rows.findIndex((each) => each.matches(own)),
            row,
        );
        for (let i = 0; i <= above; i++) await leader.keyboard.press('j');
        await leader.waitForSelector(`${row}.here`);
        assert.equal(await leader.locator('tr.here').count(), 1);
        assert.match(await leader.innerText('tr.here'), /尚未定稿/);
        await leader.keyboard.press('Enter');
    });

    it('the draft shows figures, targets, and words with their numbers in them', async () => {
        await leader.waitForSelector('.edition-rows');
        const words = await leader.innerText('.edition-words');
        assert.match(words, new RegExp(`接警 ${await opened(leader)} 起`));
        assert.doesNotMatch(words, /[{}]/);
        assert.ok((await leader.locator('.edition-rows tbody tr').count()) > 10);
        assert.match(await leader.innerText('.definitions'), /重复或误拨/);
    });

    it('one cannot look at a month that has not begun', async () => {
        assert.equal(await leader.locator('.report-period .ant-btn').last().isDisabled(), true);
    });

    it('freezing is asked once more, and then it stands', async () => {
        await leader.click('[data-deed=freeze]');
        await leader.waitForSelector('.freeze-early');
        assert.equal(await leader.locator('.freeze-dialog textarea').count(), 0);
        await leader.click('.freeze-dialog .ant-btn-primary');
        await leader.waitForSelector('.edition-facts');
        digest = await leader.innerText('.edition-digest .mono');
        assert.match(digest, /^[0-9a-f]{64}$/);
        assert.equal(await leader.getAttribute('[data-last]', 'data-last'), 'true');
    });

    it('the ledger gives it again', async () => {
        await leader.click('[data-deed=check]');
        await leader.waitForSelector('.check[data-same=true]');
        assert.equal(await leader.innerText('.check-digest'), digest);
    });

    it('it is handed round as PDF, workbook and table', async () => {
        const begins = { pdf: '%PDF', xlsx: 'PK', csv: '\ufeff' };
        for (const [kind, head] of Object.entries(begins)) {
            const [file] = await Promise.all([leader.waitForEvent('download'), leader.click(`[data-file=${kind}]`)]);
            assert.match(file.suggestedFilename(), new RegExp(`第1版\\.${kind}$`));
            assert.ok((await readFile(await file.path(), 'utf8')).startsWith(head), kind);
        }
    });

    it('on paper nothing is left that wants a finger', async () => {
        await leader.emulateMedia({ media: 'print' });
        assert.equal(await leader.locator('.report-deeds').isVisible(), false);
        assert.equal(await leader.locator('.rail').isVisible(), false);
        assert.equal(await leader.locator('.edition-digest').isVisible(), true);
        assert.ok((await leader.pdf({ format: 'A4' })).length > 1000);
        await leader.emulateMedia({ media: 'screen' });
    });

    it('without a difference there is nothing to correct', async () => {
        await leader.click('text=对照今日数据');
        await leader.waitForSelector('.report-note');
        assert.equal(await leader.locator('[data-deed=freeze]').isDisabled(), true);
    });

    it('a call comes in late; the draft shows what it changes', async () => {
        const operator = await signIn(browser, here.url, here.as('dispatcher'));
        await operator.goto('/#/call');
        await operator.click('.choices >> text=扰民');
        await operator.fill('#place', '梧桐路1号');
        await operator.click('button[type=submit]');
        await operator.locator('[data-case]').waitFor();
        await leader.goto('/#/reports');
        await leader.click(`${row} >> text=对照今日数据`);
        await leader.waitForSelector('.report-differs tbody tr');
        assert.match(await leader.innerText('.report-differs tbody tr'), /接警量/);
    });

    it('the second edition wants a reason, and names the first', async () => {
        await leader.click('[data-deed=freeze]');
        await leader.click('.freeze-dialog .ant-btn-primary');
        await leader.waitForSelector('.freeze-dialog .ant-form-item-explain-error');
        await leader.fill('.freeze-dialog textarea', '一起迟报');
        await leader.click('.freeze-dialog .ant-btn-primary');
        await leader.waitForSelector('.report-differs >> text=一起迟报');
        assert.notEqual(await leader.innerText('.edition-digest .mono'), digest);
        await leader.click('.edition-facts >> text=第 1 版');
        await leader.waitForSelector(`.edition-digest:has-text("${digest}")`);
        assert.match(await leader.innerText('[data-last=false]'), /第 2 版\s*一起迟报/);
    });

    it('the duty officer reads it on a phone, without a sideways step, and cannot freeze', async () => {
        const duty = await signIn(browser, here.url, here.as('duty_officer'), { phone: true, lang: 'en' });
        await duty.goto('/#/reports');
        await duty.waitForSelector(row);
        assert.equal(await duty.locator('text=Compare with today').count(), 0);
        await duty.locator(`${row} th a`).first().tap();
        await duty.waitForSelector('.edition-facts');
        assert.equal(await duty.evaluate(() => document.querySelector('.room').scrollWidth <= window.innerWidth), true);
        assert.deepEqual(duty.complaints, []);
    });

    it('an edition that is not there has a way out', async () => {
        await leader.goto('/#/reports/incident/monthly/2020-01/7');
        await leader.click('.report-out a');
        await leader.waitForSelector(row);
    });

    it('no page complained', () => {
        assert.deepEqual(leader.complaints.filter((text) => !/status of 404/.test(text)), []);
    });
});
