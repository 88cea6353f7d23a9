/** The head of a line: Andon and status, what is planned now, the running order, and the figures of the shift. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Since } from '../../app/Age';
import { useDataNow, useFormats } from '../../app/hooks';
import { NO_DATA } from '../../format/format';
import { StateShape } from '../../ui/shapes';
import { toneOf } from '../../vocabulary';
import { type Head as HeadData, type LineData, type Shift, statusSince } from './data';
import type { Place } from './Line';
import { Orders } from './Orders';

type HeadProps = { read: LineData; name: string; place: Place; siteName: string };

export function Head({ read: { head, machines, order, shift }, name, place, siteName }: HeadProps) {
  const { t } = useTranslation();
  const tone = toneOf(head);
  return (
    <header className="line-head" data-tone={tone}>
      <div className="line-strip">
        <StateShape state={head.status} className="text-[1.5em]" />
        <span className="line-status" data-testid="line-status">{t(`state.${head.status}`)}</span>
        <Since since={statusSince(head.status, machines)} timeZone={place.timeZone} className="tabular-nums" />
        <PlannedNote head={head} timeZone={place.timeZone} />
        <span className="line-andon">{t('line.andon', { color: t(`andon.${tone}`) })}</span>
      </div>
      <div className="line-head-body">
        <div className="min-w-0">
          <Link className="link line-back" to={`/sites/${encodeURIComponent(place.site)}`}><span aria-hidden="true">← </span>{t('line.back', { site: siteName })}</Link>
          <h1 className="line-name">{name}</h1>
          <Orders order={order} place={place} />
        </div>
        <ShiftFigures shift={shift} place={place} />
      </div>
    </header>
  );
}

function PlannedNote({ head: { planned_stop: planned }, timeZone }: { head: HeadData; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const now = useDataNow();
  if (planned === undefined) return null;
  return <span className="line-planned">{planned.to === undefined ? planned.name : t('line.plannedUntil', { name: planned.name, time: formats.moment(planned.to, now) })}</span>;
}

function ShiftFigures({ shift, place }: { shift: Shift | null; place: Place }) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  if (shift === null) return <p className="line-noshift">{t('line.noShift')}</p>;
  const span = shift.from === undefined || shift.to === undefined ? '' : `${formats.clock(shift.from)} – ${formats.clock(shift.to)}`;
  const to = kpiLink(shift, place);
  return (
    <section className="min-w-0" aria-label={t('line.shift')}>
      <h2 className="line-title">{[t('line.shift'), shift.name].filter(Boolean).join(' · ')} <span className="text-muted font-normal tabular-nums">{span}</span></h2>
      <dl className="line-kpis" data-testid="shift-figures">
        <Figure main label={t('board.oee')} value={formats.ratio(shift.oee)} meaning={t('line.meaning.oee')} to={to} />
        <Figure label={t('line.availability')} value={formats.ratio(shift.availability)} meaning={t('line.meaning.availability')} to={to} />
        <Figure label={t('line.effectiveness')} value={formats.ratio(shift.effectiveness)} meaning={t('line.meaning.effectiveness')} to={to} />
        <Figure label={t('line.quality')} value={formats.ratio(shift.quality)} meaning={t('line.meaning.quality')} to={to} />
        <Figure label={t('board.good')} value={formats.quantity(shift.good)} meaning={t('line.meaning.good')} />
        <Figure label={t('board.scrap')} value={formats.quantity(shift.scrap)} meaning={t('line.meaning.scrap')} />
        <Figure label={t('board.target')} value={formats.quantity(shift.target)} meaning={t('line.meaning.target')} />
      </dl>
    </section>
  );
}

/** Where the figures of the shift open into what they are made of. */
function kpiLink({ from, to }: Shift, { site, line }: Place): string {
  const span = from === undefined || to === undefined ? {} : { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return `/sites/${encodeURIComponent(site)}/kpi?${new URLSearchParams({ line, ...span }).toString()}`;
}

type FigureProps = { label: string; value: string; meaning: string; main?: boolean; to?: string };

function Figure({ label, value, meaning, main = false, to }: FigureProps) {
  const { t } = useTranslation();
  const text = value === NO_DATA ? <><span aria-hidden="true">{NO_DATA}</span><span className="sr-only">{t('board.noData')}</span></> : value;
  return (
    <div data-main={main}>
      <dt>{label}</dt>
      <dd className="line-kpi">{to === undefined ? text : <Link className="line-kpi-link" to={to} aria-label={t('line.openFigure', { figure: label, value: value === NO_DATA ? t('board.noData') : value })}>{text}</Link>}</dd>
      <dd className="line-meaning">{meaning}</dd>
    </div>
  );
}
