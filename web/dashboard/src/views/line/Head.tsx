/** The head of a line: Andon and status, the running order with its forecast, and the figures of the shift with what each means. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Since } from '../../app/Age';
import { useDataText, useFormats } from '../../app/hooks';
import { ProgressBar, progressOf } from '../../app/ProgressBar';
import { NO_DATA } from '../../format/format';
import { StateShape } from '../../ui/shapes';
import { toneOf } from '../../vocabulary';
import { type LineData, type Order, type Shift, statusSince } from './data';
import type { Place } from './Line';

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
        <span className="line-andon">{t('line.andon', { color: t(`andon.${tone}`) })}</span>
      </div>
      <div className="line-head-body">
        <div className="min-w-0">
          <Link className="link line-back" to={`/sites/${encodeURIComponent(place.site)}`}><span aria-hidden="true">← </span>{t('line.back', { site: siteName })}</Link>
          <h1 className="line-name">{name}</h1>
          <RunningOrder order={order} timeZone={place.timeZone} />
        </div>
        <ShiftFigures shift={shift} timeZone={place.timeZone} />
      </div>
    </header>
  );
}

function RunningOrder({ order, timeZone }: { order: Order | null; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const started = useDataText((now) => (order?.started_at === undefined ? NO_DATA : formats.moment(order.started_at, now)));
  const end = useDataText((now) => (order?.expected_end === undefined ? NO_DATA : formats.moment(order.expected_end, now)));
  if (order === null) return <p className="text-muted">{t('board.noOrder')}</p>;
  return (
    <section className="line-order" aria-label={t('board.order')}>
      <p className="flex flex-wrap gap-x-3">
        <b className="font-semibold">{order.code}</b>
        {order.article !== undefined && <span className="text-muted">{order.article}</span>}
        <b className="ml-auto font-semibold tabular-nums">{formats.ratio(progressOf(order))}</b>
      </p>
      <ProgressBar order={order} />
      <dl className="line-facts">
        <div><dt>{t('line.madeOf')}</dt><dd>{formats.quantity(order.good)} / {formats.quantity(order.quantity)}</dd></div>
        <div><dt>{t('board.scrap')}</dt><dd>{formats.quantity(order.scrap)}</dd></div>
        <div><dt>{t('line.started')}</dt><dd>{started}</dd></div>
        <div><dt>{t('line.expectedEnd')}</dt><dd title={t('line.forecastHint')}>{end}</dd></div>
      </dl>
    </section>
  );
}

function ShiftFigures({ shift, timeZone }: { shift: Shift | null; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  if (shift === null) return <p className="text-muted">{t('line.noShift')}</p>;
  const span = shift.from === undefined || shift.to === undefined ? '' : `${formats.clock(shift.from)} – ${formats.clock(shift.to)}`;
  return (
    <section className="min-w-0" aria-label={t('line.shift')}>
      <h2 className="line-title">{[t('line.shift'), shift.name].filter(Boolean).join(' · ')} <span className="text-muted font-normal tabular-nums">{span}</span></h2>
      <dl className="line-kpis" data-testid="shift-figures">
        <Figure main label={t('board.oee')} value={formats.ratio(shift.oee)} meaning={t('line.meaning.oee')} />
        <Figure label={t('line.availability')} value={formats.ratio(shift.availability)} meaning={t('line.meaning.availability')} />
        <Figure label={t('line.effectiveness')} value={formats.ratio(shift.effectiveness)} meaning={t('line.meaning.effectiveness')} />
        <Figure label={t('line.quality')} value={formats.ratio(shift.quality)} meaning={t('line.meaning.quality')} />
        <Figure label={t('board.good')} value={formats.quantity(shift.good)} meaning={t('line.meaning.good')} />
        <Figure label={t('board.scrap')} value={formats.quantity(shift.scrap)} meaning={t('line.meaning.scrap')} />
        <Figure label={t('board.target')} value={formats.quantity(shift.target)} meaning={t('line.meaning.target')} />
      </dl>
    </section>
  );
}

function Figure({ label, value, meaning, main = false }: { label: string; value: string; meaning: string; main?: boolean }) {
  const { t } = useTranslation();
  return (
    <div data-main={main}>
      <dt>{label}</dt>
      <dd className="line-kpi">{value === NO_DATA ? <><span aria-hidden="true">{NO_DATA}</span><span className="sr-only">{t('board.noData')}</span></> : value}</dd>
      <dd className="line-meaning">{meaning}</dd>
    </div>
  );
}
