/* A condition in plain words where it has any; one press shows it as it is written in the pack. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Service } from '@/lib/service';

export function Condition({ of, text }: { of: Service; text: string }) {
    const { t } = useTranslation();
    const [written, setWritten] = useState(false);
    const words = of.words(text);
    if (words === text) return <code className="condition-code">{text}</code>;
    return (
        <button type="button" className="condition" aria-pressed={written} title={t(written ? 'packs.inWords' : 'packs.asWritten')} onClick={() => setWritten(!written)}>
            {written ? <code>{text}</code> : words}
        </button>
    );
}
