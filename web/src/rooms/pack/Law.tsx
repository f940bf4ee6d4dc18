/* What a service rests on: documents, with number and article, and for what. */
import { useTranslation } from 'react-i18next';
import type { Law as LawLine } from '@/lib/service';

const FEW = 2;

export function Law({ of, few = false }: { of: readonly LawLine[]; few?: boolean }) {
    const { t } = useTranslation();
    const shown = few ? of.slice(0, FEW) : of;
    return (
        <ul className={few ? 'law law-few' : 'law'}>
            {shown.map((line) => (
                <li key={`${line.document}${line.article ?? ''}`}>
                    {line.document}
                    {line.number && <span> {line.number}</span>}
                    {line.article && <span> {line.article}</span>}
                    {!few && line.for && <em>{line.for}</em>}
                </li>
            ))}
            {of.length > shown.length && <li className="quiet">{t('packs.lawMore', { n: of.length - shown.length })}</li>}
        </ul>
    );
}
