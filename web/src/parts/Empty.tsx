/* Nothing here, and what that means. */
import type { ReactNode } from 'react';
import { Mark } from './Mark';
import './states.css';

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
    return (
        <div className="state state-empty">
            <Mark size={30} />
            <strong>{title}</strong>
            {children && <p>{children}</p>}
        </div>
    );
}
