/* Width of a text as the layout counts it: Chinese characters are square, others about 0.58 of it. */
export function widthOf(text: string, size: number): number {
    let w = 0;
    for (const c of text) w += c.codePointAt(0)! > 0x2e7f ? size : size * 0.58;
    return Math.ceil(w);
}
