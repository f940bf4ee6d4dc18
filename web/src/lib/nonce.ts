/* The server allows styles made at run time only when they bear the page's nonce. Ant Design passes it on to most of what it
 * makes, but not to all (the scroll lock of its dialogues, for one); so every style element a script makes gets it here. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;

export function startNonce() {
    if (!nonce) return;
    const make = document.createElement.bind(document);
    document.createElement = ((name: string, options?: ElementCreationOptions) => {
        const made = make(name, options);
        if (made instanceof HTMLStyleElement) made.nonce = nonce;
        return made;
    }) as typeof document.createElement;
}
