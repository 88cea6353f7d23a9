/** The stops of a span that count for the line's figures, and what the user does to them; figures follow a change. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { meQuery } from '../../api/queries';
import { api } from '../../app/services';
import { lineQuery, type Reason, STOP_ROLES, type StopChange, stopsQuery } from '../../stops/api';
import type { Place } from '../line/Line';
import { mergeStops, type ShownStop } from '../line/stops';
import type { Range } from '../line/timeline/scale';
import { type Stops, useDrafts } from '../line/useStops';
import { kpiKey, type Loss, type MachineName } from './data';

export type LossRef = Pick<Loss, 'state' | 'reason'>;

const REFETCH_MS = 60_000;
const NO_REASONS: readonly Reason[] = [];

/** `loss`: only those of this state and reason; a missing reason means that nobody has explained them. */
export function useBehind(place: Place, { from, to }: Range, machines: readonly MachineName[], loss: LossRef | null): Stops {
  const client = useQueryClient();
  // Where a machine makes the line's output, the times of the others do not count.
  const output = machines.find((machine) => machine.output)?.code;
  const filter = { from, to, ...(output === undefined ? {} : { machine: output }), ...filterOf(loss) };
  const query = useQuery({ ...stopsQuery(api, place, filter), refetchInterval: REFETCH_MS });
  const { data: me } = useQuery(meQuery(api));
  const { data: line } = useQuery(lineQuery(api, place));
  const { drafts, change, settle } = useDrafts(place);
  const fetched = query.data?.items;
  const stops = useMemo(() => {
    const wanted = loss === null ? (fetched ?? []) : (fetched ?? []).filter(({ state }) => state === loss.state);
    return mergeStops([], wanted, { from, to }, drafts).map((stop): ShownStop => ({ ...stop, open: stop.to === undefined })).sort((a, b) => b.from - a.from);
  }, [fetched, loss, from, to, drafts]);
  useEffect(() => { settle(mergeStops([], fetched ?? [], { from, to })); }, [fetched, from, to, drafts, settle]);
  const { site } = place;
  const explain = useCallback(async (id: string, wanted: StopChange) => {
    const taken = await change(id, wanted);
    if (taken) void client.invalidateQueries({ queryKey: kpiKey(site) });
    return taken;
  }, [change, client, site]);
  return {
    stops,
    drafts,
    change: explain,
    reasons: line?.reasons ?? NO_REASONS,
    mayChange: me?.roles.some((role) => STOP_ROLES.includes(role)) ?? false,
    truncated: query.data?.truncated ?? false,
    loading: query.isPending,
    failed: query.isError,
  };
}

function filterOf(loss: LossRef | null) {
  if (loss === null) return {};
  return loss.reason === undefined ? { unclassified: true } : { reason: loss.reason };
}
