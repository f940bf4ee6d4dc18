/* Verification codes of documents: 16 characters of Crockford's base 32, written in fours. People mistake O for 0, I and L
 * for 1; so does this. Pure. */
export const CODE = 16;

/* What of `typed` can stand in a code, at most a whole one; a pasted address "https://.../v/<code>" gives its code. */
export function codeOf(typed: string): string {
    const inside = /\/v\/([^/?#]+)/.exec(typed)?.[1] ?? typed;
    return inside
        .toUpperCase()
        .replace(/O/g, '0')
        .replace(/[IL]/g, '1')
        .replace(/[^0-9A-HJKMNP-TV-Z]/g, '')
        .slice(0, CODE);
}

export const isCode = (code: string) => code.length === CODE;
export const inFours = (code: string) => code.match(/.{1,4}/g)?.join('-') ?? '';
