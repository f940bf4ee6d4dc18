/* The pages of a PDF with larger and smaller. */
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Pages, showPages } from '@/lib/pages';
import { Trouble } from './Trouble';
import './pdf.css';

const ZOOMS = [0.6, 0.8, 1, 1.4, 1.9];
const WHOLE = 2;

export function PdfPages({ bytes }: { bytes: Uint8Array }) {
    const { t } = useTranslation();
    const place = useRef<HTMLDivElement>(null);
    const pages = useRef<Pages | null>(null);
    const [zoom, setZoom] = useState(WHOLE);
    const [error, setError] = useState<unknown>(null);
    useEffect(() => {
        let gone = false;
        const inside = document.createElement('div');
        place.current!.replaceChildren(inside);
        showPages(inside, bytes.slice(), (no, of) => t('document.pageOf', { no, of })).then((made) => {
            if (gone) return made.stop();
            pages.current = made;
        }, setError);
        return () => {
            gone = true;
            pages.current?.stop();
            pages.current = null;
        };
    }, [bytes, t]);
    const to = (next: number) => {
        setZoom(next);
        pages.current?.zoom(ZOOMS[next]!);
    };
    return (
        <div className="pdf">
            <p className="pdf-tools">
                <Button size="small" disabled={zoom === 0} onClick={() => to(zoom - 1)} aria-label={t('document.smaller')}>
                    −
                </Button>
                <Button size="small" disabled={zoom === ZOOMS.length - 1} onClick={() => to(zoom + 1)} aria-label={t('document.larger')}>
                    +
                </Button>
            </p>
            {error ? <Trouble error={error} /> : null}
            <div className="pdf-place" ref={place} tabIndex={0} />
        </div>
    );
}
