/* A case's documents: asking for them, for the bytes of one, and answering as one of its signers. */
import { useQuery } from '@tanstack/react-query';
import type { DocumentList, DocumentView, SignDone, SignerView, SignLink, SignPost } from '@/api/types.gen';
import { get, getBytes, write } from './api';
import { save } from './csv';
import { lang } from './i18n';
import { keysOf } from './keysOf';

export const titleOf = (of: { title_zh: string; title_en: string }) => (lang() === 'zh' ? of.title_zh : of.title_en);

const pathOf = (caseId: string, of: DocumentView) => `/api/cases/${caseId}/documents/${of.id}/${of.version}`;
const purposeFor = (of: DocumentView, purpose: string) => ({ purpose: of.private ? purpose : undefined });

export const useDocuments = (caseId: string) =>
    useQuery({ queryKey: keysOf.documents(caseId), queryFn: () => get<DocumentList>(`/api/cases/${caseId}/documents`) });

/* The PDF, kept no longer than it is looked at. */
export const useDocumentFile = (caseId: string, of: DocumentView, purpose: string) =>
    useQuery({
        queryKey: keysOf.documentFile(`${pathOf(caseId, of)}/${of.state}`, purpose),
        queryFn: () => getBytes(`${pathOf(caseId, of)}/pdf`, purposeFor(of, purpose)),
        staleTime: Infinity,
        gcTime: 0,
        retry: false,
    });

export const fileName = (of: DocumentView) => `${of.number || titleOf(of)}-${of.version}.pdf`.replace(/[\\/:*?"<>|]/g, '-');

export async function download(caseId: string, of: DocumentView, purpose: string) {
    save(fileName(of), (await getBytes(`${pathOf(caseId, of)}/pdf`, purposeFor(of, purpose))) as BlobPart, 'application/pdf');
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
