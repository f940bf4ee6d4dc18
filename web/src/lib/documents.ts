/* A case's documents: asking for them, for the bytes of one, and answering as one of its signers. */
import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { DocumentList, DocumentView, SignDone, SignerView, SignLink, SignPost } from '@/api/types.gen';
import { get, getBytes, write } from './api';
import { save } from './csv';
import { lang } from './i18n';
import { keysOf } from './keysOf';

export const titleOf = (of: { title_zh: string; title_en: string }) => (lang() === 'zh' ? of.title_zh : of.title_en);

const pathOf = (caseId: string, of: DocumentView) => `/api/cases/${caseId}/documents/${of.id}/${of.version}`;

/* `makes`: does the service make documents? With a purpose also why somebody did not sign; asking so is logged. */
export const useDocuments = (caseId: string, makes: boolean, purpose?: string) =>
    useQuery({
        queryKey: [...keysOf.documents(caseId), purpose ?? ''],
        queryFn: () => get<DocumentList>(`/api/cases/${caseId}/documents`, { purpose }),
        placeholderData: (before) => before,
        enabled: makes,
    });

/* The PDF, kept no longer than it is looked at. The server opens it under the purpose that shows all it names, and logs that. */
export const useDocumentFile = (caseId: string, of: DocumentView) =>
    useQuery({
        queryKey: keysOf.documentFile(`${pathOf(caseId, of)}/${of.state}`),
        queryFn: () => getBytes(`${pathOf(caseId, of)}/pdf`),
        staleTime: Infinity,
        gcTime: 0,
        retry: false,
    });

export const fileName = (of: DocumentView) => `${of.number || titleOf(of)}-${of.version}.pdf`.replace(/[\\/:*?"<>|]/g, '-');

export async function download(caseId: string, of: DocumentView) {
    save(fileName(of), (await getBytes(`${pathOf(caseId, of)}/pdf`)) as BlobPart, 'application/pdf');
}

export const answer = (caseId: string, of: DocumentView) => (said: SignPost, key: string) => write<SignDone>('POST', `${pathOf(caseId, of)}/sign`, said, key);

export const linkFor = (caseId: string, of: DocumentView) => (signer: string, key: string) =>
    write<SignLink>('POST', `${pathOf(caseId, of)}/link`, { signer }, key);

/* Newest versions of each document, and what they replaced. */
export function byAge(all: readonly DocumentView[]): { newest: DocumentView[]; older: DocumentView[] } {
    const isNewest = (of: DocumentView) => !all.some((other) => other.id === of.id && other.version > of.version);
    return { newest: all.filter(isNewest), older: all.filter((of) => !isNewest(of)) };
}

export const toSign = (of: DocumentView): SignerView | undefined => of.signers.find((s) => s.mine && s.state === 'asked');

/* What a signature may have changed is asked for again. */
export function afterSigning(client: QueryClient, caseId: string) {
    for (const queryKey of [keysOf.documents(caseId), ['case', caseId], keysOf.timeline(caseId)]) void client.invalidateQueries({ queryKey });
}
