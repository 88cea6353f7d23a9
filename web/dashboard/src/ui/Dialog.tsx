/** A dialog over the page: keeps the focus inside, closes with Escape, gives the focus back. */
import * as Radix from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './dialog.css';

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What it is about, read out with the title. */
  about?: string | undefined;
  children: ReactNode;
};

export function Dialog({ open, onOpenChange, title, about, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        {/* Not Radix's overlay: it locks scrolling with an inline style sheet, which the content security policy refuses. */}
        <div className="dialog-backdrop" aria-hidden="true" />
        <Radix.Content className="dialog" {...(about === undefined ? { 'aria-describedby': undefined } : {})}>
          <header className="dialog-head">
            <div className="min-w-0">
              <Radix.Title className="dialog-title">{title}</Radix.Title>
              {about !== undefined && <Radix.Description className="text-muted">{about}</Radix.Description>}
            </div>
            <Radix.Close className="button-quiet dialog-close" aria-label={t('stops.close')}><span aria-hidden="true">✕</span></Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
