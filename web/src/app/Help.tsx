/* What the keys do. */
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Place } from './places';

const COMMON = [
    ['/', 'find'],
    ['j', 'down'],
    ['k', 'up'],
    ['Enter', 'open'],
    ['Esc', 'close'],
    ['?', 'help'],
] as const;

export function Help({ open, close, places }: { open: boolean; close: () => void; places: Place[] }) {
    const { t } = useTranslation();
    return (
        <Modal open={open} onCancel={close} footer={null} title={t('keys.title')} width={460}>
            <dl className="help">
                {COMMON.map(([key, id]) => (
                    <div key={id}>
                        <dt>
                            <kbd>{key}</kbd>
                        </dt>
                        <dd>{t(`keys.${id}`)}</dd>
                    </div>
                ))}
                {places.map((place) => (
                    <div key={place.id}>
                        <dt>
                            <kbd>g</kbd> <kbd>{place.key}</kbd>
                        </dt>
                        <dd>{t(`nav.${place.id}`)}</dd>
                    </div>
                ))}
            </dl>
        </Modal>
    );
}
