/** A button that saves a table that is shown as a CSV file. */
import { useTranslation } from 'react-i18next';
import type { Range } from '../line/timeline/scale';
import { csvOf, download } from './csv';
import { localIso } from './span';
import type { Table } from './tables';

type CsvProps = { what: string; name: string; range: Range; timeZone: string | undefined; table: () => Table; disabled: boolean };

export function Csv({ what, name, range, timeZone, table, disabled }: CsvProps) {
  const { t } = useTranslation();
  const stamp = (at: number) => localIso(at, timeZone).slice(0, 16).replaceAll(':', '');
  const save = () => {
    const { headings, rows } = table();
    download(`${name}_${stamp(range.from)}_${stamp(range.to)}.csv`, csvOf(headings, rows));
  };
  return <button type="button" className="button kpi-csv" aria-label={t('kpi.csvOf', { what })} disabled={disabled} onClick={save}>{t('kpi.csv')}</button>;
}
