/** What is looked for: line and machine, what came of the message, and words in it. */
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/services';
import { type Named, namedQuery } from './hooks';
import { StatusShape } from './StatusShape';
import { type Filter, isFiltering, STATUSES } from './tail';

type FiltersProps = { site: string; filter: Filter; onFilter: (change: Partial<Filter>) => void; of: 'live' | 'letters' | 'devices' };

export function Filters({ site, filter, onFilter, of }: FiltersProps) {
  const { t } = useTranslation();
  const name = useId();
  const { data: lines = [] } = useQuery(namedQuery(api, site));
  const { data: machines = [] } = useQuery({ ...namedQuery(api, site, filter.line), enabled: filter.line !== '' });
  const words = t(of === 'devices' ? 'messages.filter.deviceText' : 'messages.filter.text');
  const nothing = { line: '', machine: '', status: 'all', text: '' } as const;
  return (
    <search className="messages-filter" aria-label={t('messages.filter.label')}>
      <Choice label={t('messages.filter.line')} all={t('messages.filter.allLines')} options={lines} value={filter.line} onChoose={(line) => { onFilter({ line, machine: '' }); }} />
      <Choice label={t('messages.filter.machine')} all={t('messages.filter.allMachines')} options={machines} value={filter.machine} disabled={filter.line === '' && filter.machine === ''} onChoose={(machine) => { onFilter({ machine }); }} />
      <input type="search" className="input messages-find" aria-label={words} placeholder={words} value={filter.text} onChange={(event) => { onFilter({ text: event.target.value }); }} />
      {of === 'live' && (
        <fieldset className="chips">
          <legend className="sr-only">{t('messages.filter.status')}</legend>
          {(['all', ...STATUSES] as const).map((status) => (
            <label key={status} className="chip" data-status={status}>
              <input type="radio" className="sr-only" name={name} value={status} checked={filter.status === status} onChange={() => { onFilter({ status }); }} />
              {status !== 'all' && <StatusShape status={status} />}
              <span>{status === 'all' ? t('messages.filter.all') : t(`messages.status.${status}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
      {isFiltering(filter) && <button type="button" className="button" onClick={() => { onFilter(nothing); }}>{t('messages.filter.clear')}</button>}
    </search>
  );
}

type ChoiceProps = { label: string; all: string; options: readonly Named[]; value: string; disabled?: boolean; onChoose: (code: string) => void };

function Choice({ label, all, options, value, disabled = false, onChoose }: ChoiceProps) {
  // What the address names is shown as chosen, also if it is not there (any more).
  const missing = value !== '' && !options.some(({ code }) => code === value);
  return (
    <select className="input messages-choice" aria-label={label} value={value} disabled={disabled} onChange={(event) => { onChoose(event.target.value); }}>
      <option value="">{all}</option>
      {missing && <option value={value}>{value}</option>}
      {options.map(({ code, name }) => <option key={code} value={code}>{name === code ? code : `${name} (${code})`}</option>)}
    </select>
  );
}
