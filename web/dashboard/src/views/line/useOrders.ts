/** What a person does to the orders of a line. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { newKey } from '../../api/key';
import { meQuery } from '../../api/queries';
import { api } from '../../app/services';
import type { Place } from './Line';
import { moveOrder, ORDER_ROLES, type OrderAction, ordersKey } from './orders';
import { useExplain } from './useStops';

export type Moves = { mayMove: boolean; busy: boolean; failure: string | undefined; move: (code: string, action: OrderAction) => void };

/** The hub's answer is shown by the live topic, as for everybody else; the lists by REST are read again. */
export function useOrderMoves({ site, line }: Place): Moves {
  const client = useQueryClient();
  const explain = useExplain();
  const { data: me } = useQuery(meQuery(api));
  const { mutate, isPending, error } = useMutation({
    networkMode: 'always',
    mutationFn: ({ code, action, key }: { code: string; action: OrderAction; key: string }) => moveOrder(api, code, action, key),
    onSettled: () => client.invalidateQueries({ queryKey: ordersKey(site, line) }),
  });
  return {
    mayMove: me?.roles.some((role) => ORDER_ROLES.includes(role)) ?? false,
    busy: isPending,
    failure: error === null ? undefined : explain(error),
    move: (code, action) => { mutate({ code, action, key: newKey() }); },
  };
}
