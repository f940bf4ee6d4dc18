/* A document's pages. Looking is logged; what was shown goes with the dialog. */
import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DocumentView } from '@/api/types.gen';
import { save } from '@/lib/csv';
import { fileName, titleOf, useDocumentFile } from '@/lib/documents';
import { PdfPages } from '@/parts/PdfPages';
import { Trouble } from '@/parts/Trouble';
import { Waiting } from '@/parts/Waiting';

export function DocumentDialog({ caseId, of, close }: { caseId: string; of: DocumentView; close: () => void }) {
    const { t } = useTranslation();
    const file = useDocumentFile(caseId, of);
    return (
        <Modal
            open
            title={t('document.viewOf', { title: titleOf(of), version: of.version })}
            onCancel={close}
            width={900}
            centered
            footer={[
                <Button key="save" disabled={!file.data} onClick={() => save(fileName(of), file.data as BlobPart, 'application/pdf')}>
                    {t('document.download')}
                </Button>,
                <Button key="close" type="primary" onClick={close}>
                    {t('app.close')}
                </Button>,
            ]}
        >
            {file.isPending && <Waiting lines={10} />}
            {file.error && <Trouble error={file.error} retry={() => void file.refetch()} />}
            {file.data && <PdfPages bytes={file.data} />}
        </Modal>
    );
}
