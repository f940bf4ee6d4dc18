/* What an edition, or a draft of one, says: its sections, and what each figure means. */
import { useTranslation } from 'react-i18next';
import type { EditionBody } from '@/api/types.gen';
import { lang } from '@/lib/i18n';
import { Panel } from '@/parts/Panel';
import { Definitions } from './Definitions';
import { definitionsOf, isGrid, titleOf } from './edition';
import { ValueGrid } from './ValueGrid';
import { ValueRows } from './ValueRows';

export function EditionView({ of }: { of: EditionBody }) {
    const { t } = useTranslation();
    const definitions = definitionsOf(of);
    return (
        <>
            {of.sections.map((section, i) => {
                const words = lang() === 'zh' ? section.text_zh : section.text_en;
                const Values = isGrid(section) ? ValueGrid : ValueRows;
                return (
                    <Panel key={i} title={titleOf(section, lang())} className="edition-section">
                        {words && <p className="edition-words">{words}</p>}
                        {section.values.length > 0 ? (
                            <Values section={section} definitions={definitions} period={of.period} />
                        ) : (
                            <p className="edition-words quiet">{t('report.nothing')}</p>
                        )}
                    </Panel>
                );
            })}
            <Panel title={t('report.definitions')} className="edition-section">
                <Definitions of={of.definitions} />
            </Panel>
        </>
    );
}
