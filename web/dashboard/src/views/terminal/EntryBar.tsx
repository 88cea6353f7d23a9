/** Always in sight: scrap at hand, what was entered last and what became of it, and what still waits. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats, useServerNow } from '../../app/hooks';
import { useLive } from '../../app/services';
import { connectionOf } from '../../live/view';
import { discard } from '../../outbox/outbox';
import type { Machine } from '../line/data';
import { type Entries, undoOf } from './entries';
import { EntriesDialog } from './EntriesDialog';
import { ScrapDialog, type Scrap } from './ScrapDialog';
import type { Place } from './Terminal';
import type { Enter } from './useEnter';
import { useEntryText } from './useEntryText';

type EntryBarProps = { entries: Entries; machines: readonly Machine[]; place: Place; entering: Enter };

export function EntryBar({ entries, machines, place, entering }: EntryBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'scrap' | 'entries' | null>(null);
  const [lastMachine, setLastMachine] = useState<string>();
  const name = (code: string) => machines.find((machine) => machine.code === code)?.name ?? code;
  const enterScrap = async ({ machine, quantity }: Scrap) => {
    if (!(await entering.enter({ kind: 'scrap', machine, machineName: name(machine), quantity }))) return;
    setLastMachine(machine);
    setOpen(null);
  };
  const failed = entering.failed ? t('terminal.notKept') : undefined;
  return (
    <footer className="terminal-bar">
      <button type="button" className="button terminal-button terminal-scrap" aria-disabled={entering.busy || machines.length === 0} onClick={() => { if (!entering.busy && machines.length > 0) setOpen('scrap'); }}>{t('terminal.scrap')}</button>
      <Summary entries={entries} place={place} />
      {failed !== undefined && <p role="alert" className="form-error">{failed}</p>}
      <UndoButton entries={entries} entering={entering} />
      <button type="button" className="button terminal-button" onClick={() => { setOpen('entries'); }}>{t('terminal.entries')}</button>
      <ScrapDialog open={open === 'scrap'} onOpenChange={(isOpen) => { setOpen(isOpen ? 'scrap' : null); }} machines={machines} initial={{ machine: lastMachine }} error={failed} busy={entering.busy} onEnter={(scrap) => { void enterScrap(scrap); }} />
      <EntriesDialog open={open === 'entries'} onOpenChange={(isOpen) => { setOpen(isOpen ? 'entries' : null); }} entries={entries} machines={machines} place={place} />
    </footer>
  );
}

/** The worst first: refused, old, waiting; else the last entry. */
function Summary({ entries: { waiting, refused, aged, recent }, place }: { entries: Entries; place: Place }) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const textOf = useEntryText();
  const now = useServerNow();
  const live = useLive((state) => connectionOf(state).kind === 'live');
  const since = waiting[0]?.at;
  const last = waiting.at(-1) ?? recent[0]?.entry;
  const taken = waiting.length === 0;
  // A moment between the touch and the hub's answer is no wait.
  const isPassing = live && since !== undefined && now - since < PASSING_MS;
  return (
    <div className="terminal-summary" role="status" aria-label={t('terminal.entries')}>
      {refused.length > 0 && <p className="terminal-refused">{t('terminal.refused', { count: refused.length })}</p>}
      {aged.length > 0 && <p className="terminal-aged">{t('terminal.aged', { count: aged.length })}</p>}
      {since !== undefined && (isPassing ? <p>{t('terminal.sending', { count: waiting.length })}</p> : <p className="terminal-waiting">{t('terminal.waiting', { count: waiting.length, time: formats.moment(since, now) })}</p>)}
      {last === undefined && refused.length + aged.length === 0 && <p className="text-muted">{t('terminal.nothing')}</p>}
      {last !== undefined && (
        <p className="terminal-last" data-taken={taken}>
          {taken && <b className="terminal-taken"><span aria-hidden="true">✓ </span>{t('terminal.sent')}</b>}
          <span>{textOf(last.action)}</span>
          <span className="text-muted tabular-nums">{formats.moment(last.at, now)}</span>
        </p>
      )}
    </div>
  );
}

const PASSING_MS = 4_000;

function UndoButton({ entries, entering }: { entries: Entries; entering: Enter }) {
  const { t } = useTranslation();
  const textOf = useEntryText();
  const undo = undoOf(entries, useServerNow());
  if (undo === null) return null;
  const take = () => {
    if (entering.busy) return;
    if (undo.kind === 'discard') {
      void discard(undo.entry);
      return;
    }
    const { action } = undo.entry;
    if (action.kind === 'reason') void entering.enter({ ...action, reason: undo.before, reasonName: action.beforeName, before: action.reason, beforeName: action.reasonName });
  };
  return <button type="button" className="button terminal-button" aria-disabled={entering.busy} aria-label={t('terminal.undoOf', { entry: textOf(undo.entry.action) })} onClick={take}>{t('terminal.undo')}</button>;
}
