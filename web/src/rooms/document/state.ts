/* What the signer's page is to show, from what the server said. Pure. */
import type { SignPage } from '@/api/types.gen';

export type Shown = 'ask' | 'wait' | 'signed' | 'sealed' | 'refused' | 'objected' | 'void' | 'superseded';

export function shownOf(page: SignPage): Shown {
    if (page.state === 'refused' || page.state === 'objected') return page.state;
    if (page.document_state === 'superseded' || page.document_state === 'void') return page.document_state;
    if (page.state === 'signed') return page.document_state === 'sealed' ? 'sealed' : 'signed';
    if (page.state === 'void') return 'void';
    return page.state === 'asked' && !page.waits_for_zh ? 'ask' : 'wait';
}

/* The link's secret from "/s/<link>", the code from "/v/<code>". */
export const linkOf = (path: string): string => /^\/s\/([^/]+)$/.exec(path)?.[1] ?? '';
export const landedOn = (path: string): string => /^\/v\/([^/]+)$/.exec(path)?.[1] ?? '';

/* What a refusal of a deed means for the page: the text is not the one that was read any more; the link is none; what was sent
 * was refused; or it did not get through and the same may be sent again. */
export type Refusal = 'changed' | 'unknown' | 'refused' | 'network';
export function refusalOf(status: number): Refusal {
    if (status === 409 || status === 410 || status === 412) return 'changed';
    if (status === 404) return 'unknown';
    return status === 0 || status === 408 || status === 429 || status >= 500 ? 'network' : 'refused';
}
