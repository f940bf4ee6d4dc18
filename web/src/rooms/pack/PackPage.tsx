/* One service, for whoever wants to know how the city works: everything its pack says, in words, with nothing to program. The
 * sections have addresses of their own: /packs/<id>/<section>. */
import { Button } from 'antd';
import { type ComponentType, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { lang } from '@/lib/i18n';
import { say, usePacks } from '@/lib/pack';
import { type Service, useService } from '@/lib/service';
import { Empty } from '@/parts/Empty';
import { Icon } from '@/parts/Icon';
import { Panel } from '@/parts/Panel';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { Access } from './Access';
import { Chart } from './Chart';
import { Clocks } from './Clocks';
import { Documents } from './Documents';
import { Figures } from './Figures';
import { Forms } from './Forms';
import { Law } from './Law';
import { Notices } from './Notices';
import { Plans } from './Plans';
import { Registers } from './Registers';
import { Scenarios } from './Scenarios';
import { Steps } from './Steps';
import { Tables } from './Tables';
import { Troubles } from './Troubles';
import { useRole } from './useRole';
import { Versions } from './Versions';
import '@/parts/tags.css';
import './packs.css';

interface Section {
    id: string; /* also its text: packs.section.<id>, packs.none.<id> */
    size: (of: Service) => number;
    body: ComponentType<{ of: Service }>;
}
const SECTIONS: readonly Section[] = [
    { id: 'chart', size: (of) => of.steps.length, body: Chart },
    { id: 'steps', size: (of) => of.steps.length, body: Steps },
    { id: 'tables', size: (of) => of.decisions.length, body: Tables },
    { id: 'registers', size: (of) => of.registers.length, body: Registers },
    { id: 'forms', size: (of) => of.pack.forms.size, body: Forms },
    { id: 'clocks', size: (of) => of.clocks.length, body: Clocks },
    { id: 'plans', size: (of) => of.plans.length, body: Plans },
    { id: 'notices', size: (of) => of.notices.length, body: Notices },
    { id: 'documents', size: (of) => of.documents.length, body: Documents },
    { id: 'figures', size: (of) => of.figures.length, body: Figures },
    { id: 'access', size: (of) => of.rules.length, body: Access },
    { id: 'scenarios', size: (of) => of.scenarios, body: Scenarios },
    { id: 'versions', size: (of) => of.versions.length, body: Versions },
];

function Head({ of }: { of: Service }) {
    const { t } = useTranslation();
    const roleOf = useRole(of);
    return (
        <header className="pack-head">
            <div className="pack-name">
                <a className="no-print" href="#/packs" aria-label={t('packs.title')}>
                    <Icon name="back" size={16} />
                </a>
                <h1>{say(of.pack)}</h1>
                <span className="mono quiet" title={of.pack.version}>
                    {t('packs.versionIs', { hash: of.pack.version.slice(0, 10) })}
                </span>
                <span className="bar-space" />
                <Button className="no-print wide-only" icon={<Icon name="print" size={15} />} onClick={() => window.print()}>
                    {t('case.print')}
                </Button>
            </div>
            <dl className="pack-facts">
                <dt>{t('packs.owner')}</dt>
                <dd>{of.head.owner[lang()]}</dd>
                <dt>{t('packs.numbers')}</dt>
                <dd>{t('packs.numbersBegin', { prefix: of.head.prefix })}</dd>
                <dt>{t('packs.roles')}</dt>
                <dd>{[...of.head.roles, ...(of.head.parties ?? []).map((party) => party.id)].map(roleOf).join(t('diagram.comma'))}</dd>
                {of.traits.length > 0 && (
                    <>
                        <dt>{t('packs.traits')}</dt>
                        <dd>{of.traits.map((trait) => t(`packs.trait.${trait}`)).join(t('diagram.comma'))}</dd>
                    </>
                )}
                <dt>{t('packs.law')}</dt>
                <dd>
                    <Law of={of.head.law} />
                </dd>
            </dl>
        </header>
    );
}

export default function PackPage() {
    const { t } = useTranslation();
    const { id = '', section = '' } = useParams<{ id: string; section?: string }>();
    const packs = usePacks(10_000);
    const { service, error, retry } = useService(id);
    const ready = service !== null;
    useEffect(() => {
        if (section && ready) document.getElementById(`section-${section}`)?.scrollIntoView({ block: 'start' });
    }, [section, ready, id]);
    if (packs.loaded && !packs.of(id)) return <Empty title={t('packs.unknown')} />;
    if (error) return <Trouble error={error} retry={() => void retry()} />;
    if (!service) return <Waiting lines={9} />;
    const troubles = packs.troubles.filter((trouble) => trouble.folder === id);
    return (
        <div className="packs pack-page" data-pack={id}>
            <Head of={service} />
            {troubles.length > 0 && <Troubles of={troubles} />}
            <nav className="pack-nav no-print" aria-label={t('packs.sections')}>
                {SECTIONS.map(({ id: part, size }) => (
                    <a key={part} href={`#/packs/${id}/${part}`} aria-current={section === part ? 'location' : undefined} className={size(service) === 0 ? 'quiet' : ''}>
                        {t(`packs.section.${part}`)}
                        {part !== 'chart' && <small>{size(service)}</small>}
                    </a>
                ))}
            </nav>
            <div className="pack-sections">
                {SECTIONS.map(({ id: part, size, body: Body }) => (
                    <div key={part} id={`section-${part}`} className="pack-section">
                        <Panel title={t(`packs.section.${part}`)} className={`pack-${part}`}>
                            {size(service) === 0 ? <p className="panel-empty">{t(`packs.nothing.${part}`)}</p> : <Body of={service} />}
                        </Panel>
                    </div>
                ))}
            </div>
        </div>
    );
}
