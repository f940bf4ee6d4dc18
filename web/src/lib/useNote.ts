/* The dispatcher's notes are written by the program; here they are said in the reader's language. Others stay as they are. */
import { useTranslation } from 'react-i18next';

export function useNote() {
    const { t } = useTranslation();
    return (note: string): string => {
        const metres = /^nearest: (\d+) m$/.exec(note)?.[1];
        if (metres) return t('note.nearest', { metres });
        return note === 'nearest: place not known' ? t('note.unknown') : note;
    };
}
