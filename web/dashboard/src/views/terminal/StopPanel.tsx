/** Why the line stands or stood: the stops without a reason, the reasons as buttons, a comment. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Age } from '../../app/Age';
import { useDataText, useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { lineQuery, reasonName } from '../../stops/api';
import { CommentDialog } from '../../stops/CommentDialog';
import { ReasonPicker } from '../../stops/ReasonPicker';
import { StateShape } from '../../ui/shapes';
import type { Machine, Stop } from '../line/data';
import type { Entered } from './entries';
import { firstToExplain, stopsToExplain, type ToExplain } from './stops';
import type { Place } from './Terminal';
import type { Enter } from './useEnter';

type StopPanelProps = { stops: readonly Stop[]; machines: readonly Machine[]; entered: readonly Entered[]; place: Place; entering: Enter };

export function StopPanel({ stops, machines, entered, place, entering }: StopPanelProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const line = useQuery({ ...lineQuery(api, place), gcTime: Infinity });
  const reasons = line.data?.reasons ?? [];
  const shown = stopsToExplain(stops, entered, chosen);
  const stop = shown.find(({ id }) => id === chosen) ?? firstToExplain(shown);
  const machineName = (code: string) => machines.find((machine) => machine.code === code)?.name ?? code;
  return (
    <section className="terminal-panel" aria-labelledby="terminal-stops">
      <h2 id="terminal-stops" className="terminal-title">{t('terminal.stops')}</h2>
      {stop === undefined ? (
        <p className="terminal-calm"><span aria-hidden="true">✓ </span>{t('terminal.allExplained')}</p>
      ) : (
        <>
          <div className="terminal-stops" role="group" aria-label={t('terminal.stops')}>
            {shown.map((each) => (
              <StopChoice key={each.id} stop={each} machine={machineName(each.machine)} reason={each.reason === undefined ? undefined : reasonName(reasons, each.reason)} isChosen={each === stop} timeZone={place.timeZone} onChoose={() => { setChosen(each.id); }} />
            ))}
          </div>
          <Explain key={stop.id} stop={stop} machine={machineName(stop.machine)} reasons={line.data === undefined ? undefined : reasons} failed={line.isError || line.failureCount > 0} place={place} entering={entering} onTouch={() => { setChosen(stop.id); }} />
        </>
      )}
    </section>
  );
}

type StopChoiceProps = { stop: ToExplain; machine: string; reason: string | undefined; isChosen: boolean; timeZone: string | undefined; onChoose: () => void };

function StopChoice({ stop, machine, reason, isChosen, timeZone, onChoose }: StopChoiceProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const from = useDataText((now) => formats.moment(stop.from, now));
  return (
    <button type="button" className="terminal-stop" aria-pressed={isChosen} data-stop={stop.id} data-open={stop.open} data-classified={stop.reason !== undefined} onClick={onChoose}>
      <StateShape state={stop.state} className="mt-[0.2em]" />
      <span className="min-w-0">
        <b>{machine}</b>
        <span className="terminal-stop-time">
          {t(`state.${stop.state}`)} · {stop.open ? <Age since={stop.from} /> : t('terminal.ended', { time: from, age: formats.age((stop.to ?? stop.from) - stop.from) })}
        </span>
        <span className="terminal-marks">
          {reason === undefined ? <span className="terminal-unexplained">{t('board.unclassified')}</span> : <span className="terminal-reason">{reason}</span>}
          {stop.waits && <span className="terminal-waits">{t('terminal.waits')}</span>}
        </span>
      </span>
    </button>
  );
}

type ExplainProps = { stop: ToExplain; machine: string; reasons: readonly { code: string; name: string }[] | undefined; failed: boolean; place: Place; entering: Enter; onTouch: () => void };

function Explain({ stop, machine, reasons, failed, place, entering, onTouch }: ExplainProps) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const [commenting, setCommenting] = useState(false);
  const from = useDataText((now) => formats.moment(stop.from, now));
  const about = `${machine} · ${t(`state.${stop.state}`)} · ${from}`;
  const target = { stop: stop.id, machine: stop.machine, machineName: machine };
  const nameOf = (code: string) => reasonName(reasons ?? [], code);
  const pick = (reason: string) => {
    onTouch();
    if (reason === stop.reason) return;
    void entering.enter({ kind: 'reason', ...target, reason, reasonName: nameOf(reason), before: stop.reason ?? null, beforeName: stop.reason === undefined ? null : nameOf(stop.reason) });
  };
  const save = async (comment: string | null) => {
    onTouch();
    if (await entering.enter({ kind: 'comment', ...target, comment })) setCommenting(false);
  };
  return (
    <div className="terminal-explain">
      <div className="terminal-why">
        <h3 className="terminal-subtitle">{t(stop.open ? 'terminal.why' : 'terminal.whyEnded')}</h3>
        <button type="button" className="button terminal-button" onClick={() => { setCommenting(true); }}>{t(stop.comment === undefined ? 'terminal.comment' : 'terminal.changeComment')}</button>
      </div>
      {reasons === undefined && <p className="text-muted" role="status">{failed ? t('terminal.reasonsFailed') : t('app.loading')}</p>}
      {reasons !== undefined && <ReasonPicker reasons={reasons} current={stop.reason} label={t('terminal.reasonOf', { stop: about })} disabled={entering.busy} onPick={pick} />}
      {stop.comment !== undefined && <p className="terminal-comment"><q>{stop.comment}</q></p>}
      <CommentDialog open={commenting} onOpenChange={setCommenting} about={about} comment={stop.comment} busy={entering.busy} error={entering.failed ? t('terminal.notKept') : undefined} onSave={(comment) => { void save(comment); }} />
    </div>
  );
}
