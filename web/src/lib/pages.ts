/* The pages of a PDF, drawn on canvases one below the other: each when it comes near the screen, let go when it is far. For
 * ears, a page's text stands beside its picture. pdf.js and its worker come from this server, and only when they are needed. */
import { el } from './dom';

export interface Pages {
    zoom(scale: number): void; /* 1: as wide as the place */
    stop(): void;
}

const NEAR = '800px';
const MOST_PIXELS = 12_000_000; /* telephones refuse larger canvases */

async function openPdf(bytes: Uint8Array) {
    const [pdf, worker] = await Promise.all([import('pdfjs-dist/legacy/build/pdf.mjs'), import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?url')]);
    pdf.GlobalWorkerOptions.workerSrc = worker.default;
    return pdf.getDocument({ data: bytes, isEvalSupported: false, useWasm: false, enableXfa: false }).promise;
}
type Pdf = Awaited<ReturnType<typeof openPdf>>;

class Page {
    readonly element: HTMLElement;
    private readonly canvas = el('canvas', {});
    private readonly words = el('div', { className: 'visually-hidden' });
    private ratio: number;
    private scale = 1;
    private drawn = 0; /* the scale it is drawn at; 0: it is not */
    private near = false;

    constructor(
        private readonly pdf: Pdf,
        private readonly no: number,
        first: { width: number; height: number },
        label: string,
        private readonly width: () => number,
    ) {
        this.ratio = first.height / first.width;
        this.canvas.setAttribute('role', 'img');
        this.canvas.setAttribute('aria-label', label);
        this.element = el('figure', { className: 'pdf-page' }, this.canvas, this.words);
        this.element.dataset.page = String(no);
    }
    fit(scale = this.scale) {
        this.scale = scale;
        const width = this.width() * scale;
        this.canvas.style.width = `${width}px`;
        this.canvas.style.height = `${width * this.ratio}px`;
        void this.draw();
    }
    see(near: boolean) {
        this.near = near;
        if (near) void this.draw();
        else if (this.drawn) {
            this.drawn = this.canvas.width = this.canvas.height = 0;
            this.element.classList.remove('pdf-drawn');
        }
    }
    private async draw() {
        const wanted = this.width() * this.scale;
        if (!this.near || wanted <= 0 || this.drawn === wanted) return;
        this.drawn = wanted;
        const page = await this.pdf.getPage(this.no);
        const own = page.getViewport({ scale: 1 });
        if (own.height / own.width !== this.ratio) {
            this.ratio = own.height / own.width;
            this.canvas.style.height = `${wanted * this.ratio}px`;
        }
        const sharp = Math.min(Math.max(window.devicePixelRatio || 1, 1.5), Math.sqrt(MOST_PIXELS / (wanted * wanted * this.ratio)));
        const viewport = page.getViewport({ scale: (wanted / own.width) * sharp });
        const fresh = el('canvas', { width: Math.ceil(viewport.width), height: Math.ceil(viewport.height) });
        await page.render({ canvas: fresh, viewport }).promise;
        if (this.drawn !== wanted) return; /* meanwhile it was zoomed, or went away */
        [this.canvas.width, this.canvas.height] = [fresh.width, fresh.height];
        this.canvas.getContext('2d')!.drawImage(fresh, 0, 0);
        this.element.classList.add('pdf-drawn');
        if (!this.words.textContent) this.words.textContent = await textOf(page);
    }
}

async function textOf(page: Awaited<ReturnType<Pdf['getPage']>>): Promise<string> {
    const { items } = await page.getTextContent();
    return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
}

/* Draws into `place`, which is emptied. `label` names a page for those who do not see it. Takes the bytes over. */
export async function showPages(place: HTMLElement, bytes: Uint8Array, label: (no: number, of: number) => string): Promise<Pages> {
    const pdf = await openPdf(bytes);
    const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
    const width = () => place.clientWidth;
    const pages = Array.from({ length: pdf.numPages }, (_, i) => new Page(pdf, i + 1, first, label(i + 1, pdf.numPages), width));
    place.replaceChildren(...pages.map((page) => page.element));
    const of = new Map<Element, Page>(pages.map((page) => [page.element, page]));
    const seen = new IntersectionObserver((all) => all.forEach((one) => of.get(one.target)?.see(one.isIntersecting)), { rootMargin: NEAR });
    const sized = new ResizeObserver(() => pages.forEach((page) => page.fit()));
    pages.forEach((page) => page.fit());
    pages.forEach((page) => seen.observe(page.element));
    sized.observe(place);
    return {
        zoom: (scale) => pages.forEach((page) => page.fit(scale)),
        stop: () => {
            seen.disconnect();
            sized.disconnect();
            void pdf.loadingTask.destroy();
        },
    };
}
