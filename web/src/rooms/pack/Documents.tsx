/* Documents: the text as the authority writes it, who signs, in what order, how long it is kept. */
import { useTranslation } from 'react-i18next';
import type { JsonObject, JsonValue } from '@/api/types.gen';
import { lang } from '@/lib/i18n';
import { objects, text } from '@/lib/pack';
import type { DocumentFile, Service } from '@/lib/service';
import { useRole } from './useRole';

const words = (v: JsonValue | undefined) => text(((v ?? {}) as JsonObject)[lang()]) ?? '';

function One({ of, document }: { of: Service; document: DocumentFile }) {
    const { t } = useTranslation();
    const roleOf = useRole(of);
    const { issuer, retention, signers, order } = document.tree;
    const [n = '0', unit] = (text(retention) ?? 'permanent').split(' ');
    const names = objects(signers).map((signer) => t('packs.signer', { title: words(signer.title), who: roleOf(text(signer.who) ?? '') }));
    return (
        <article className="document" data-document={document.id}>
            <h3>
                {document.title[lang()]} <span className="mono quiet">{document.id}</span>
            </h3>
            <p className="quiet">
                {[
                    words(issuer),
                    unit ? t('packs.kept', { n }) : t('packs.keptForever'),
                    names.length > 0 ? t(order === 'listed' ? 'packs.signedInOrder' : 'packs.signedBy', { signers: names.join(t('diagram.comma')) }) : t('packs.unsigned'),
                ]
                    .filter(Boolean)
                    .join(' · ')}
            </p>
            <pre className="document-text" lang="zh-CN">
                {text(document.tree.text) ?? ''}
            </pre>
        </article>
    );
}

export function Documents({ of }: { of: Service }) {
    return of.documents.map((one) => <One key={one.id} of={of} document={one} />);
}
