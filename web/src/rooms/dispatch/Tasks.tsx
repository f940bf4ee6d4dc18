/* What waits for one: a unit in its car, or a handler at a desk. The same cards, big enough for a thumb. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { TaskItem, TaskList } from '@/api/types.gen';
import { get } from '@/lib/api';
import { byUrgency } from '@/lib/clock';
import { keysOf } from '@/lib/keysOf';
import { may, useCityNow, useMe } from '@/lib/session';
import { Empty } from '@/parts/Empty';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';
import { SharePosition } from './SharePosition';
import { TaskCard } from './TaskCard';
import { useBell } from './useBell';
import './tasks.css';

const GROUPS = ['offered', 'accepted'] as const;

export default function Tasks() {
    const { t } = useTranslation();
    const me = useMe();
    const now = useCityNow(1000);
    const list = useQuery({ queryKey: keysOf.tasks, queryFn: () => get<TaskList>('/api/tasks') });
    const tasks = list.data?.tasks ?? [];
    useBell(list.data);
    const inOrder = (a: TaskItem, b: TaskItem) => byUrgency(now)(a.case, b.case);
    const others = tasks.filter((task) => !GROUPS.some((group) => group === task.state));
    const groups = [...GROUPS.map((group) => ({ group: group as string, those: tasks.filter((task) => task.state === group) })), { group: 'done', those: others }];
    return (
        <div className="tasks">
            <h1 className="visually-hidden">{t('tasks.title')}</h1>
            {me.unit && may(me, 'unit.position') && <SharePosition unit={me.unit} />}
            {list.isPending && <Waiting lines={6} />}
            {list.error && tasks.length === 0 && <Trouble error={list.error} retry={() => void list.refetch()} />}
            {list.isSuccess && tasks.length === 0 && <Empty title={t('tasks.none')}>{t('tasks.noneHint')}</Empty>}
            {groups
                .filter(({ those }) => those.length > 0)
                .map(({ group, those }) => (
                    <section key={group} aria-label={t(`tasks.${group}`)}>
                        <h2>
                            {t(`tasks.${group}`)} <span className="quiet">{t('tasks.count', { n: those.length })}</span>
                        </h2>
                        <ul>
                            {those.sort(inOrder).map((task) => (
                                <TaskCard key={`${task.case.id}-${task.kind}`} of={task} now={now} />
                            ))}
                        </ul>
                    </section>
                ))}
        </div>
    );
}
