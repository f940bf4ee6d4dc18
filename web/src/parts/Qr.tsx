/* A QR code, dark on light in every theme. */
import qrcode from 'qrcode-generator';
import { useMemo } from 'react';

const QUIET = 4; /* modules around it, as the standard asks */

export function Qr({ text, label }: { text: string; label: string }) {
    const { size, path } = useMemo(() => {
        const code = qrcode(0, 'M');
        code.addData(text);
        code.make();
        const n = code.getModuleCount();
        let d = '';
        for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) if (code.isDark(y, x)) d += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
        return { size: n + 2 * QUIET, path: d };
    }, [text]);
    return (
        <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
            <rect width={size} height={size} fill="#fff" />
            <path d={path} fill="#000" />
        </svg>
    );
}
