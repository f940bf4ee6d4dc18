/* A service, read: from the list to its page, its scenarios run and all green; then its folder is changed wrongly (and the page
 * says where), and rightly (and an open case is moved, with a reason). Wants a still city that watches a folder of its own:
 * `bihuan demo --still --watch --packs DIR`, and BIHUAN_PACKS=DIR. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { city, open, signIn } from './lib.mjs';

const here = city();
const folder = process.env.BIHUAN_PACKS;
const SECTIONS = ['chart', 'steps', 'tables', 'registers', 'forms', 'clocks', 'plans', 'notices', 'documents', 'figures', 'access', 'scenarios', 'versions'];

describe('a service is read', { skip: here && folder ? false : 'BIHUAN_SIGN_INS and BIHUAN_PACKS are not both given', concurrency: 1 }, () => {
    const procedure = folder && join(folder, 'workorder', 'procedure.yaml');
    let browser, reader, admin, written;
    before(async () => {
        browser = await open();
        written = readFileSync(procedure, 'utf8');
    });
    after(async () => {
        await browser?.close();
    });

    it('by two keys from anywhere, every service with its owner and its open cases', async () => {
        reader = await signIn(browser, here.url, here.as('unit'));
        await reader.keyboard.press('g');
        await reader.keyboard.press('p');
        await reader.waitForSelector('.service-counts b:not(:has-text("—"))');
        assert.equal(await reader.locator('.service').count(), readdirSync(folder).length);
        assert.match(await reader.innerText('[data-pack=incident]'), /市公安局指挥中心/);
    });

    it('its page has every part, and the procedure is drawn', async () => {
        await reader.click('[data-pack=incident] h2 a');
        await reader.waitForSelector('.pack-page .chart svg');
        for (const part of SECTIONS) assert.equal(await reader.locator(`#section-${part}`).count(), 1, part);
    });

    it('a condition is said in words, and at a press as it is written', async () => {
        const condition = reader.locator('[data-state=review] .condition').first();
        const words = await condition.innerText();
        await condition.click();
        assert.match(await condition.innerText(), /reopens < 2/);
        assert.doesNotMatch(words, /reopens/);
    });

    it('its scenarios are run there, and all come out as written', async () => {
        await reader.click('[data-deed=run]');
        await reader.waitForSelector('.runs[aria-busy=false] .run');
        await reader.waitForSelector('.runs-good');
        const outcomes = await reader.locator('.run').evaluateAll((runs) => runs.map((run) => run.dataset.outcome));
        assert.ok(outcomes.length > 5 && outcomes.every((outcome) => outcome === 'good'), outcomes.join(' '));
    });

    it('a link leads to a part of it', async () => {
        await reader.goto('/#/packs/workorder/clocks');
        await reader.waitForSelector('.pack-nav [aria-current]');
        await reader.waitForFunction(() => {
            const top = document.getElementById('section-clocks')?.getBoundingClientRect().top;
            return top !== undefined && top < 200 && document.documentElement.scrollTop === 0;
        });
    });

    it('a wrong change is refused where it stands, and the version before goes on', async () => {
        writeFileSync(procedure, `${written}  - "handling -> nowhere : urge by callcentre"\n`);
        await reader.goto('/#/packs');
        const line = reader.locator('[data-folder=workorder] .refusals li').first();
        await line.waitFor();
        assert.match(await line.innerText(), /^procedure\.yaml:\d+:\d+: /);
    });

    it('a right change is in use, and the open case stays on the version it began with', async () => {
        const clerk = await signIn(browser, here.url, here.as('callcentre'));
        await clerk.evaluate(async () => {
            const signal = { channel: 'hotline', category: 'noise', place: 'A' };
            const answer = await fetch('/api/signals', {
                method: 'POST',
                headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
                body: JSON.stringify({ pack: 'workorder', signal }),
            });
            if (!answer.ok) throw new Error(await answer.text());
        });
        writeFileSync(procedure, `${written}  - "arbitration -> arbitration : urge by callcentre / notice(urged)"\n`);
        admin = await signIn(browser, here.url, here.as('admin'));
        await admin.goto('/#/packs/workorder/versions');
        await admin.waitForSelector('[data-deed=survey]', { timeout: 30_000 });
        assert.equal(await admin.locator('.versions-grid tbody tr').count(), 2);
    });

    it('it is moved on paper first, then with a reason', async () => {
        await admin.click('[data-deed=survey]');
        await admin.waitForSelector('.survey[data-kept="0"]');
        await admin.click('[data-deed=move]');
        await admin.click('.ant-modal .ant-btn-primary');
        await admin.waitForSelector('.ant-form-item-explain-error');
        await admin.fill('.ant-modal textarea', '催办规则已修订');
        await admin.check('.ant-modal input[type=checkbox]');
        await admin.click('.ant-modal .ant-btn-primary');
        await admin.waitForSelector('.migration', { state: 'detached' });
        const counts = await admin.locator('.versions-grid tbody tr td:last-child').allInnerTexts();
        assert.ok(Number(counts[0]) >= 1 && counts[1] === '0', counts.join(' '));
    });

    it('no page complained', () => {
        assert.deepEqual([reader, admin].flatMap((p) => p.complaints), []);
    });
});
