/** A dead letter: the reason first, then the message; it is sent again or thrown away here. */
import { useMutation } from '@tanstack/react-query';
import { memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDataText, useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { Confirm } from './Confirm';
import { Facts, Payload } from './Facts';
import { useFault } from './hooks';
import { discardLetter, type Letter as LetterData, type Outcome, placeOf, retryLetter } from './letters';
import { StatusShape } from './StatusShape';

type LetterProps = { letter: LetterData; outcome: Outcome | undefined; timeZone: string | undefined; onSettled: (letter: LetterData, outcome: Outcome) => void };

export const Letter = memo(function Letter({ letter, outcome, timeZone, onSettled }: LetterProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const [open, setOpen] = useState(false);
  const time = useDataText((now) => formats.exactMoment(letter.received_at, now));
  const { line, machine, channel } = placeOf(letter.topic);
  const isOver = outcome !== undefined && outcome.kind !== 'refused';
  const result = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone then: the focus goes to what came of it.
  useEffect(() => { if (isOver) result.current?.focus(); }, [isOver]);
  return (
    <li className="message letter" data-status={isOver ? 'accepted' : 'refused'} data-letter={letter.id} data-outcome={outcome?.kind}>
      <div className="letter-head">
        <p className="letter-reason"><StatusShape status={isOver ? 'accepted' : 'refused'} /> <b>{letter.code}</b> <span>{letter.detail}</span></p>
        <p className="letter-meta">
          <time dateTime={new Date(letter.received_at).toISOString()}>{time}</time>
          <span className="message-place">{[line, machine, channel].filter((part) => part !== undefined).join(' / ') || letter.topic}</span>
          <span>{letter.sender}</span>
        </p>
      </div>
      <div className="letter-result" role="status" ref={result} tabIndex={-1}>{outcome !== undefined && <OutcomeText outcome={outcome} />}</div>
      {!isOver && <Actions letter={letter} time={time} onSettled={onSettled} />}
      <details className="letter-details" open={open} onToggle={(event) => { setOpen(event.currentTarget.open); }}>
        <summary className="message-payload">{letter.payload === '' ? t('messages.entry.empty') : letter.payload}</summary>
        {open && (
          <div className="message-body">
            <Facts facts={[[t('messages.entry.topic'), letter.topic], [t('messages.entry.sender'), letter.sender], [t('messages.entry.id'), letter.message_id ?? t('messages.entry.noId')]]} />
            <Payload payload={letter.payload} truncated={!letter.retryable} />
          </div>
        )}
      </details>
    </li>
  );
});

function OutcomeText({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  if (outcome.kind === 'refused') return <p className="form-error">{t('messages.letter.refusedAgain', { code: outcome.code, detail: outcome.detail })}</p>;
  return <p className="font-semibold">{t(`messages.letter.${outcome.kind}`)}</p>;
}

type ActionsProps = { letter: LetterData; time: string; onSettled: (letter: LetterData, outcome: Outcome) => void };

function Actions({ letter, time, onSettled }: ActionsProps) {
  const { t } = useTranslation();
  const fault = useFault();
  const [asking, setAsking] = useState(false);
  const { mutate, isPending, error } = useMutation({
    networkMode: 'always',
    mutationFn: () => retryLetter(api, letter.id),
    onSuccess: (outcome) => { onSettled(letter, outcome); },
  });
  const named = { topic: letter.topic, time };
  return (
    <div className="letter-actions">
      {letter.retryable ? (
        <button type="button" className="button" disabled={isPending} aria-label={isPending ? undefined : t('messages.letter.retryOf', named)} onClick={() => { mutate(); }}>
          {t(isPending ? 'messages.letter.retrying' : 'messages.letter.retry')}
        </button>
      ) : <p className="text-muted">{t('messages.letter.notRetryable')}</p>}
      <button type="button" className="button" aria-label={t('messages.letter.discardOf', named)} onClick={() => { setAsking(true); }}>{t('messages.letter.discard')}</button>
      {error !== null && <p role="alert" className="form-error">{fault(error)}</p>}
      {asking && (
        <Confirm
          title={t('messages.letter.confirmTitle')}
          text={`${letter.topic} · ${letter.code} · ${t('messages.letter.confirmText')}`}
          action={t('messages.letter.discard')}
          onConfirm={async () => { onSettled(letter, await discardLetter(api, letter.id)); }}
          onClose={() => { setAsking(false); }}
        />
      )}
    </div>
  );
}
