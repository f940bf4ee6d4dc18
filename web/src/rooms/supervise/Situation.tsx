/* The situation room: what runs, where, how long it still may, and who is out. Queue, map and feed on one screen; on a wall
 * everything grows; on a phone they lie behind one another. */
import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { CaseCard } from './CaseCard';
import { CityMap } from './CityMap';
import { Feed } from './Feed';
import { Figures } from './Figures';
import { Queue } from './Queue';
import { Units } from './Units';
import { useSituation } from './useSituation';
import './situation.css';

type Pane = 'queue' | 'map' | 'feed';

export default function Situation() {
    const { t } = useTranslation();
    const [, go] = useLocation();
    const [chosen, setChosen] = useState<string | null>(null);
    const [pane, setPane] = useState<Pane>('queue');
    const s = useSituation();
    const open = (id: string) => go(`/cases/${id}`);
    const card = s.queue.find((c) => c.id === chosen) ?? null;
    return (
        <div className={`situation shows-${pane}`}>
            <h1 className="visually-hidden">{t('nav.situation')}</h1>
            <Figures of={s} />
            <Segmented<Pane>
                className="situation-panes"
                block
                value={pane}
                onChange={setPane}
                options={(['queue', 'map', 'feed'] as const).map((value) => ({ value, label: t(`situation.${value}`) }))}
            />
            <Queue of={s} chosen={chosen} choose={setChosen} open={open} />
            <section className="situation-map" aria-label={t('situation.map')}>
                <CityMap cases={s.queue} units={s.units} now={s.now} chosen={chosen} choose={setChosen} shown={pane} />
                {card && <CaseCard of={card} now={s.now} open={() => open(card.id)} close={() => setChosen(null)} />}
            </section>
            <aside className="situation-side">
                <Units units={s.units} />
                <Feed now={s.now} open={open} />
            </aside>
        </div>
    );
}
