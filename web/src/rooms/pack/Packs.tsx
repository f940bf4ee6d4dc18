/* Every service of the city: whose it is, what it rests on, which version is in use, and what was refused of late. */
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PackAbout } from '@/api/types.gen';
import { lang } from '@/lib/i18n';
import { type PackView, say, usePacks } from '@/lib/pack';
import { aboutQuery, readService } from '@/lib/service';
import { Empty } from '@/parts/Empty';
import { Waiting } from '@/parts/Waiting';
import { Law } from './Law';
import { Troubles } from './Troubles';
import './packs.css';

function Row({ pack, about }: { pack: PackView; about: PackAbout | undefined }) {
    const { t } = useTranslation();
    const service = about && readService(pack, about);
    const open = about?.versions.reduce((n, v) => n + v.open, 0);
    const older = about?.versions.filter((v) => !v.newest).reduce((n, v) => n + v.open, 0) ?? 0;
    return (
        <li className="service" data-pack={pack.id}>
            <div className="service-head">
                <h2>
                    <a href={`#/packs/${pack.id}`}>{say(pack)}</a>
                </h2>
                <span className="mono quiet" title={pack.version}>
                    {pack.version.slice(0, 10)}
                </span>
            </div>
            {service && (
                <>
                    <p>{service.head.owner[lang()]}</p>
                    <Law of={service.head.law} brief />
                </>
            )}
            <ul className="service-counts">
                <li>
                    <b>{open ?? '—'}</b> {t('packs.openCases')}
                </li>
                {older > 0 && (
                    <li>
                        <a href={`#/packs/${pack.id}/versions`}>{t('packs.onOlder', { n: older })}</a>
                    </li>
                )}
                <li>{t('packs.nSteps', { n: pack.states.length })}</li>
                {service && <li>{t('packs.nScenarios', { n: service.scenarios })}</li>}
            </ul>
        </li>
    );
}

export default function Packs() {
    const { t } = useTranslation();
    const packs = usePacks(10_000);
    const abouts = useQueries({
        queries: packs.all.map((pack) => aboutQuery(pack.id, pack.version)),
    });
    return (
        <div className="packs">
            <header className="packs-head">
                <h1>{t('packs.title')}</h1>
                <span className="quiet">{t('packs.about')}</span>
            </header>
            {packs.troubles.length > 0 && <Troubles of={packs.troubles} />}
            {packs.loaded && packs.all.length === 0 && <Empty title={t('packs.none')}>{t('packs.noneHint')}</Empty>}
            {!packs.loaded && <Waiting />}
            <ul className="services">
                {packs.all.map((pack, i) => (
                    <Row key={pack.id} pack={pack} about={abouts[i]?.data} />
                ))}
            </ul>
        </div>
    );
}
