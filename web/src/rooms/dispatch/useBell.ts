/* A new task says so: a line on the screen and, on a phone, a short shake. */
import { App } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskList } from '@/api/types.gen';

export function useBell(list: TaskList | undefined) {
    const { t } = useTranslation();
    const { message } = App.useApp();
    const known = useRef<Set<string> | null>(null);
    useEffect(() => {
        if (!list) return;
        const before = known.current;
        known.current = new Set(list.tasks.map((task) => task.case.id));
        const fresh = list.tasks.find((task) => task.state === 'offered' && before && !before.has(task.case.id));
        if (!fresh) return;
        message.info(t('tasks.newOne', { title: fresh.case.title }));
        navigator.vibrate?.(200);
    }, [list, message, t]);
}
