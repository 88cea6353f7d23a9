/** Offers the new version where somebody works; only a kiosk takes it by itself. */
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { versions } from './services';

export function VersionNotice() {
  const { t } = useTranslation();
  const version = useStore(versions.waiting, (state) => state.version);
  return (
    <div role="status" className="version-notice" data-waiting={version !== null}>
      {version !== null && (
        <>
          <span>{t('version.ready')}</span>
          <button type="button" className="button" onClick={() => { location.reload(); }}>{t('version.load')}</button>
        </>
      )}
    </div>
  );
}
