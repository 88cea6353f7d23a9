/** The entries one by one: what each waits for, why one was refused, and what a person can do about it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats, useServerNow } from '../../app/hooks';
import { api } from '../../app/services';
import { type Action, type Entry, isDiscardable, standingOf } from '../../outbox/entry';
import { discard, renew } from '../../outbox/outbox';
import { lineQuery, reasonName } from '../../stops/api';
import { CommentDialog } from '../../stops/CommentDialog';
import { ReasonPicker } from '../../stops/ReasonPicker';
import { Dialog } from '../../ui/Dialog';
import type { Machine } from '../line/data';
import type { Entries } from './entries';
import { ScrapDialog } from './ScrapDialog';
import type { Place } from './Terminal';
import { useEntryText, useRefusalText } from './useEntryText';

type EntriesDialogProps = { open: boolean; onOpenChange: (open: boolean) => void; entries: Entries; machines: readonly Machine[]; place: Place };

export function EntriesDialog({ open, onOpenChange, entries, machines, place }: EntriesDialogProps) {
  const { t } = useTranslation();
  const { refused, aged, waiting, recent, foreign } = entries;
  const unsettled = [...refused, ...aged, ...waiting];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('terminal.entriesTitle')} about={t('terminal.entriesAbout')}>
      {unsettled.length === 0 && <p>{t('terminal.noEntries')}</p>}
      <ul className="entry-list">
        {unsettled.map((entry) => <Row key={entry.id} entry={entry} machines={machines} place={place} />)}
        {recent.map(({ entry }) => <Taken key={entry.id} entry={entry} place={place} />)}
      </ul>
      {foreign > 0 && <p className="text-muted">{t('terminal.foreign', { count: foreign })}</p>}
    </Dialog>
  );
}

function Head({ entry, place }: { entry: Entry; place: Place }) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const textOf = useEntryText();
  const now = useServerNow();
  const elsewhere = entry.site !== place.site || entry.line !== place.line;
  return (
    <>
      <b className="entry-text">{textOf(entry.action)}</b>
      <span className="text-muted tabular-nums">{t('terminal.enteredAt', { time: formats.moment(entry.at, now) })}{elsewhere && ` · ${t('terminal.elsewhere', { line: entry.line })}`}</span>
    </>
  );
}

function Taken({ entry, place }: { entry: Entry; place: Place }) {
  const { t } = useTranslation();
  return (
    <li className="entry" data-standing="taken">
      <Head entry={entry} place={place} />
      <span className="terminal-taken"><span aria-hidden="true">✓ </span>{t('terminal.statusSent')}</span>
    </li>
  );
}

function Row({ entry, machines, place }: { entry: Entry; machines: readonly Machine[]; place: Place }) {
  const { t } = useTranslation();
  const textOf = useEntryText();
  const refusalText = useRefusalText();
  const [editing, setEditing] = useState(false);
  const now = useServerNow();
  const standing = standingOf(entry, now);
  const text = textOf(entry.action);
  const isEditable = standing !== 'waiting' && entry.action.kind !== 'order';
  const status = standing === 'refused' && entry.refusal !== null ? refusalText(entry.refusal)
    : standing === 'aged' ? t(entry.triedAt === null ? 'terminal.statusAged' : 'terminal.statusAgedTried')
    : t(entry.triedAt === null ? 'terminal.statusWaiting' : 'terminal.statusTried');
  const change = (action: Action) => {
    setEditing(false);
    void renew(entry, action);
  };
  return (
    <li className="entry" data-standing={standing} data-entry={entry.id}>
      <Head entry={entry} place={place} />
      <span className="entry-status">{status}</span>
      <div className="entry-actions">
        {isDiscardable(entry, now) && <button type="button" className="button terminal-button" aria-label={t('terminal.discardOf', { entry: text })} onClick={() => { void discard(entry); }}>{t('terminal.discard')}</button>}
        {isEditable && <button type="button" className="button terminal-button" aria-expanded={editing} aria-label={t('terminal.editOf', { entry: text })} onClick={() => { setEditing(!editing); }}>{t('terminal.edit')}</button>}
        {standing !== 'waiting' && (
          <button type="button" className="button terminal-button" aria-label={t(standing === 'aged' ? 'terminal.sendNowOf' : 'terminal.tryAgainOf', { entry: text })} onClick={() => { void renew(entry); }}>
            {t(standing === 'aged' ? 'terminal.sendNow' : 'terminal.tryAgain')}
          </button>
        )}
      </div>
      {editing && isEditable && <Edit action={entry.action} about={text} machines={machines} place={place} onChange={change} onClose={() => { setEditing(false); }} />}
    </li>
  );
}

type EditProps = { action: Action; about: string; machines: readonly Machine[]; place: Place; onChange: (action: Action) => void; onClose: () => void };

function Edit({ action, about, machines, place, onChange, onClose }: EditProps) {
  const { t } = useTranslation();
  const { data: line } = useQuery({ ...lineQuery(api, place), gcTime: Infinity });
  const reasons = line?.reasons ?? [];
  const close = (open: boolean) => { if (!open) onClose(); };
  switch (action.kind) {
    case 'order':
      return null;
    case 'reason':
      return <ReasonPicker reasons={reasons} current={action.reason ?? undefined} label={t('terminal.reasonOf', { stop: action.machineName })} size="small" onPick={(reason) => { onChange({ ...action, reason, reasonName: reasonName(reasons, reason) }); }} />;
    case 'comment':
      return <CommentDialog open onOpenChange={close} about={about} comment={action.comment ?? undefined} onSave={(comment) => { onChange({ ...action, comment }); }} />;
    case 'scrap': {
      const known = machines.some(({ code }) => code === action.machine);
      return <ScrapDialog open onOpenChange={close} machines={machines} initial={{ machine: known ? action.machine : undefined, quantity: action.quantity }} busy={false} onEnter={({ machine, quantity }) => { onChange({ ...action, machine, quantity, machineName: machines.find(({ code }) => code === machine)?.name ?? machine }); }} />;
    }
  }
}
