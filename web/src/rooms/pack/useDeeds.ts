/* What a transition does, in one sentence: "starts the clock Sign for it; sends the notice ...". */
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import { say, usePacks } from '@/lib/pack';
import type { Service } from '@/lib/service';
import { useRole } from './useRole';

const CLOCKS = ['start', 'stop', 'pause', 'resume', 'extend'];
const TASKS = ['task', 'accept', 'done', 'verify', 'return', 'reassign', 'lapse'];

export function useDeeds(of: Service) {
    const { t } = useTranslation();
    const packs = usePacks();
    const roleOf = useRole(of);
    const what = (verb: string, id: string) => {
        const pack = of.pack.id;
        if (CLOCKS.includes(verb)) return packs.clock(pack, id);
        if (TASKS.includes(verb)) return packs.task(pack, id);
        if (verb === 'notice') {
            const notice = of.notices.find((n) => n.id === id);
            return notice ? t('packs.toWhom', { who: roleOf(notice.receiver), channel: t(`notice.channel.${notice.channel}`) }) : id;
        }
        if (verb === 'document' || verb === 'sign') return of.documents.find((d) => d.id === id)?.title[lang()] ?? id;
        if (verb === 'set') return packs.fieldTitle(pack, id);
        if (verb === 'child') return packs.title(id);
        if (verb === 'assign') {
            const table = of.decisions.find((d) => d.id === id);
            return table ? say(table) : id;
        }
        return id;
    };
    return (does: readonly string[][]): string =>
        does
            .map(([verb = '', id = '', which = '']) => (verb === 'engine' ? t(`packs.calls.${id}_${which}`) : t(`packs.does.${verb}`, { what: what(verb, id) })))
            .join(t('packs.semicolon'));
}
