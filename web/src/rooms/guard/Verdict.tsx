/* What a check came to: a tick, a cross or a question, and the words. */
import type { ReactNode } from 'react';
import { Icon } from '@/parts/Icon';

export function Verdict({ is, children }: { is: 'good' | 'bad' | 'unknown'; children: ReactNode }) {
    return (
        <p className={`verdict verdict-${is}`} role="status">
            <Icon name={is === 'good' ? 'check' : is === 'bad' ? 'cross' : 'help'} size={16} />
            <span>{children}</span>
        </p>
    );
}
