/* The sign of the house: a loop that closes. */
export function Mark({ size = 28 }: { size?: number }) {
    return (
        <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" fill="var(--accent)" />
            <g fill="none" stroke="var(--accent-ink)" strokeLinecap="round" strokeLinejoin="round">
                <path d="M24.200 12.200A9 9 0 1 0 25 16" strokeWidth="3" />
                <path d="M20.200 12.600l4.600.4.600-4.800" strokeWidth="2.600" />
            </g>
            <circle cx="16" cy="16" r="2.600" fill="var(--accent-ink)" />
        </svg>
    );
}
