/* A mediation agreement: made, signed by the resident on a telephone and by the mediator at a desk, sealed, checked by its code;
 * and one the resident objects to. BIHUAN_PAPERS: the sign-ins of a still city that serves src/pack/documents_for_test/agreement
 * too (tools/e2e.sh makes one). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { city, open, openCase, page, signIn } from './lib.mjs';

const here = city(process.env.BIHUAN_PAPERS ?? '');
const TERMS = '被申请人十日内退还押金三千六百元';

/* A name of a few strokes. */
async function write(p, canvas) {
    const box = await p.locator(canvas).boundingBox();
    const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
    for (const [x, y, to, down] of [[0.2, 0.3, 0.4, 0.6], [0.3, 0.2, 0.3, 0.75], [0.5, 0.3, 0.8, 0.35], [0.65, 0.2, 0.6, 0.75]]) {
        await p.mouse.move(...at(x, y));
        await p.mouse.down();
        await p.mouse.move(...at((x + to) / 2 + 0.02, (y + down) / 2), { steps: 6 });
        await p.mouse.move(...at(to, down), { steps: 6 });
        await p.mouse.up();
    }
}

describe('a document is signed', { skip: here ? false : 'BIHUAN_PAPERS names no city', concurrency: 1 }, () => {
    let browser, mediator, resident, anybody, case_, code, pdf;
    const newest = (version) => mediator.locator(`[data-document=agreement][data-version="${version}"]`);
    /* As the console writes: what no page has a form for. */
    const post = (path, body) =>
        mediator.evaluate(
            async ([to, what]) => {
                const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
                const answer = await fetch(to, { method: 'POST', headers, body: JSON.stringify(what) });
                return { status: answer.status, ...(await answer.json()) };
            },
            [path, body],
        );
    const linkOf = async (version) => (await post(`/api/cases/${case_}/documents/agreement/${version}/link`, { signer: 'applicant' })).path;
    async function telephone(path) {
        const made = await page(browser, here.url, { phone: true });
        await made.goto(path);
        await made.waitForSelector('.pdf-drawn');
        return made;
    }
    async function proposed() {
        const hotline = await signIn(browser, here.url, here.as('dispatcher'));
        case_ = await hotline.evaluate(async () => {
            const signal = { kind: 'rent', amount: 3600, applicant_name: '赵某某', applicant_phone: '12000000077' };
            const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
            const answer = await fetch('/api/signals', { method: 'POST', headers, body: JSON.stringify({ pack: 'agreement', mapping: 'json', signal }) });
            return (await answer.json()).id;
        });
        await hotline.context().close();
        assert.match(case_, /^[0-9a-f-]{36}$/);
        await openCase(mediator, case_);
        await mediator.click('[data-event=propose]');
        await mediator.locator('.fire-dialog textarea, .fire-dialog input').first().fill(TERMS);
        await mediator.click('.fire-dialog .ant-btn-primary');
    }

    before(async () => {
        browser = await open();
        mediator = await signIn(browser, here.url, here.as('handler'));
    });
    after(async () => {
        await browser?.close();
    });

    it('the mediator asks for signatures, and the agreement is on the page with who signs', async () => {
        await proposed();
        await newest(1).waitFor();
        assert.match(await newest(1).innerText(), /签名中/);
        await newest(1).locator('[data-signer=applicant].signer-asked').waitFor();
        await newest(1).locator('[data-signer=mediator].signer-waiting').waitFor();
        assert.equal(await newest(1).locator('[data-deed=sign]').count(), 0);
    });

    it('reads it in a dialog', async () => {
        await newest(1).locator('[data-deed=view]').click();
        await mediator.waitForSelector('.pdf-drawn');
        assert.match(await mediator.innerText('.pdf-page .visually-hidden'), /调解协议书/);
        await mediator.keyboard.press('Escape');
        await mediator.waitForSelector('.pdf-page', { state: 'detached' });
    });

    it('shows the resident a code, which leads to their page', async () => {
        await newest(1).locator('[data-signer=applicant] button').click();
        await mediator.waitForSelector('.qr');
        await mediator.keyboard.press('Escape');
        await mediator.waitForSelector('.qr', { state: 'detached' });
        resident = await telephone(await linkOf(1));
        assert.match(await resident.innerText('.about'), /人民调解协议书[\s\S]*申请人/);
    });

    it('the resident signs; the net breaks, and it is one signature all the same', async () => {
        await resident.locator('[data-deed=sign]').tap();
        assert.equal(await resident.locator('dialog .send').isDisabled(), true);
        await write(resident, 'canvas.pad');
        let sent = 0;
        await resident.route('**/api/sign/*', (route) => {
            if (route.request().method() !== 'POST' || sent++ > 0) return route.continue();
            return route.fetch().then(() => route.abort()); /* done, but the answer is lost */
        });
        await resident.locator('dialog .send').tap();
        await resident.waitForSelector('.dialog-trouble:not(:empty)');
        resident.complaints = [];
        await resident.evaluate(() => window.dispatchEvent(new Event('online')));
        await resident.waitForSelector('[data-state=signed]');
        assert.equal(sent, 2);
        await resident.reload();
        await resident.waitForSelector('[data-state=signed]');
        assert.equal(await resident.locator('[data-deed]').count(), 0);
    });

    it('the mediator sees it by itself, signs, and the agreement is sealed', async () => {
        await newest(1).locator('[data-signer=applicant].signer-signed').waitFor();
        await newest(1).locator('[data-deed=sign]').click();
        await mediator.waitForSelector('.sign-pad');
        await mediator.waitForTimeout(400); /* the dialog comes in from afar */
        await write(mediator, '.sign-pad');
        await mediator.locator('.ant-modal .ant-btn-primary').click();
        await mediator.waitForSelector('[data-document=agreement].document-sealed');
        await mediator.waitForSelector('.case-tags .tag:text-is("已达成协议")');
        const [download] = await Promise.all([mediator.waitForEvent('download'), newest(1).locator('[data-deed=download]').click()]);
        pdf = await download.path();
        code = await newest(1).locator('[data-deed=code]').getAttribute('title');
        assert.match(code, /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
    });

    it('the timeline says so in words', async () => {
        const words = await mediator.innerText('.timeline');
        for (const said of ['文书制作', '请求签名', '文书签名', '文书封存']) assert.ok(words.includes(said), said);
        assert.match(words, /人民调解协议书 · 第 1 版 · 申请人/);
    });

    it('the resident finds the sealed one under the same link', async () => {
        await resident.reload();
        await resident.waitForSelector('[data-state=sealed]');
        await resident.waitForSelector('.pdf-drawn');
    });

    it('anybody checks it by its code, and the file they hold without sending it', async () => {
        anybody = await page(browser, here.url);
        await anybody.goto('/v');
        await anybody.fill('#code', code.toLowerCase());
        await anybody.keyboard.press('Enter');
        await anybody.waitForSelector('[data-state=sealed]');
        const sent = [];
        anybody.on('request', (request) => sent.push(request.url()));
        await anybody.setInputFiles('#file', { name: 'mine.pdf', mimeType: 'application/pdf', buffer: readFileSync(pdf) });
        await anybody.waitForSelector('[data-compared=same]');
        await anybody.setInputFiles('#file', { name: 'other.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([readFileSync(pdf), Buffer.from(' ')]) });
        await anybody.waitForSelector('[data-compared=other]');
        assert.deepEqual(sent, []);
        await anybody.click('summary');
        await anybody.waitForSelector('[data-sealed=true]');
        const hash = createHash('sha256').update(readFileSync(pdf)).digest('hex');
        assert.ok((await anybody.innerText('.compare')).includes(hash));
        assert.doesNotMatch(await anybody.content(), /赵某某|押金/);
    });

    it('a code that is none is said to be none', async () => {
        await anybody.goto('/v/0000000000000000');
        await anybody.waitForSelector('[data-state=unknown]');
        await anybody.goto('/s/00000000000000000000000000000000');
        await anybody.waitForSelector('[data-state=unknown]');
        anybody.complaints = anybody.complaints.filter((line) => !line.includes('404'));
    });

    it('another resident objects: the version is void, the mediator learns why, and a new one is signed anew', async () => {
        await proposed();
        await newest(1).waitFor();
        const path = await linkOf(1);
        const other = await telephone(path);
        await other.locator('[data-deed=object]').tap();
        await other.fill('textarea', '金额不对');
        await other.locator('dialog .send').tap();
        await other.waitForSelector('[data-state=objected]');
        await mediator.waitForSelector('[data-document=agreement].document-void');
        assert.doesNotMatch(await newest(1).innerText(), /金额不对/);
        await newest(1).locator('[data-deed=reasons]').click();
        await newest(1).locator('.signer-why').waitFor();
        assert.match(await newest(1).innerText(), /金额不对/);
        await mediator.click('[data-event=correct]');
        await mediator.locator('.fire-dialog textarea, .fire-dialog input').first().fill(`${TERMS}整`);
        await mediator.click('.fire-dialog .ant-btn-primary');
        await newest(2).waitFor();
        assert.equal(await mediator.locator('.documents-older').count(), 1);
        const second = await telephone(await linkOf(2));
        await second.locator('[data-deed=refuse]').tap();
        await second.fill('textarea', '不签了');
        await second.locator('dialog .send').tap();
        await second.waitForSelector('[data-state=refused]');
        await mediator.waitForSelector('.case-tags .tag:text-is("未达成协议")');
        assert.deepEqual([...other.complaints, ...second.complaints], []);
    });

    it('no page complained', () => {
        assert.deepEqual([mediator, resident, anybody].flatMap((p) => p.complaints), []);
    });
});
