/* What a service rests on: documents, with number and article, and for what. The first few; the rest at a press, and on paper. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Law as LawLine } from '@/lib/service';

const FEW = 2;

export function Law({ of, brief = false }: { of: readonly LawLine[]; brief?: boolean }) {
    const { t } = useTranslation();
    const [all, setAll] = useState(false);
    const more = t('packs.lawMore', { n: of.length - FEW });
    return (
        <ul className={brief ? 'law law-brief' : 'law'}>
            {of.map((line, i) => (
                <li key={`${line.document}${line.article ?? ''}`} className={i >= FEW && !all ? 'law-rest' : ''}>
                    {line.document}
                    {line.number && <span> {line.number}</span>}
                    {line.article && <span> {line.article}</span>}
                    {!brief && line.for && <em>{line.for}</em>}
                </li>
            ))}
            {of.length > FEW && !all && (
                <li className="no-print">
                    {brief ? (
                        <span>{more}</span>
                    ) : (
                        <button type="button" className="law-more" onClick={() => setAll(true)}>
                            {more}
                        </button>
                    )}
                </li>
            )}
        </ul>
    );
}
