/* The house around the rooms: rail on the left (a bar below on a phone), city and clock above, the room in the middle. */
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { type Keys, useKeys } from '@/lib/keys';
import { useLive } from '@/lib/live';
import { may, useMe } from '@/lib/session';
import { Empty } from '@/parts/Empty';
import { Waiting } from '@/parts/Waiting';
import { Bar } from './Bar';
import { Boundary } from './Boundary';
import { Help } from './Help';
import { CasePage, DraftPage, EditionPage, firstOf, IndicatorPage, PackPage, placesOf } from './places';
import { Rail } from './Rail';
import { usePackNews } from './usePackNews';
import './frame.css';

export function Frame() {
    const { t } = useTranslation();
    const me = useMe();
    const [path, go] = useHashLocation();
    const [help, setHelp] = useState(false);
    useLive(may(me, 'stream'));
    usePackNews();
    const keys: Keys = { '?': () => setHelp(true) };
    for (const place of placesOf(me)) keys[`g ${place.key}`] = () => go(place.path);
    useKeys(keys);
    return (
        <Router hook={useHashLocation}>
            <div className="frame">
                <Rail places={placesOf(me)} path={path} />
                <Bar help={() => setHelp(true)} />
                <main className="room" id="room">
                    <Boundary at={path}>
                        <Suspense fallback={<Waiting />}>
                            <Switch>
                                {placesOf(me).map((place) => (
                                    <Route key={place.id} path={place.path} component={place.page} />
                                ))}
                                {may(me, 'case.view') && <Route path="/cases/:id" component={CasePage} />}
                                {may(me, 'measure.view') && <Route path="/indicators/:pack/:id/:period?/:by?/:group?" component={IndicatorPage} />}
                                {may(me, 'report.freeze') && <Route path="/reports/:pack/:report/:period" component={DraftPage} />}
                                {may(me, 'measure.view') && <Route path="/reports/:pack/:report/:period/:edition" component={EditionPage} />}
                                <Route path="/packs/:id/:section?" component={PackPage} />
                                <Route path="/">
                                    <Redirect to={firstOf(me)} replace />
                                </Route>
                                <Route>
                                    <Empty title={t('app.nowhere')}>
                                        <a href={`#${firstOf(me)}`}>{t('app.home')}</a>
                                    </Empty>
                                </Route>
                            </Switch>
                        </Suspense>
                    </Boundary>
                </main>
            </div>
            <Help open={help} close={() => setHelp(false)} places={placesOf(me)} />
        </Router>
    );
}
