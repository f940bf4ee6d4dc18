/* Tables for spreadsheets: RFC 4180, with the mark that makes them open as UTF-8. Text that a spreadsheet would take for a
 * formula is kept text. */
const cell = (value: string | number | null | undefined): string => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csvOf = (rows: readonly (readonly (string | number | null | undefined)[])[]) =>
    `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

export function save(name: string, content: BlobPart, type: string) {
    const url = URL.createObjectURL(new Blob([content], { type }));
    const link = Object.assign(document.createElement('a'), { href: url, download: name });
    link.click();
    URL.revokeObjectURL(url);
}
