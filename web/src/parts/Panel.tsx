/* A titled piece of a page. */
import { type ReactNode, useId } from 'react';
import './panel.css';

interface Props {
    title: ReactNode;
    aside?: ReactNode;
    className?: string;
    children: ReactNode;
}

export function Panel({ title, aside, className = '', children }: Props) {
    const id = useId();
    return (
        <section className={`panel ${className}`} aria-labelledby={id}>
            <header>
                <h2 id={id}>{title}</h2>
                {aside}
            </header>
            {children}
        </section>
    );
}
