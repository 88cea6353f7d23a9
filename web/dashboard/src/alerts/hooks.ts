/** The alerts that the signed-in user may see, and how one is acknowledged. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useShallow } from 'zustand/shallow';
import { meQuery } from '../api/queries';
import { api, live, useLive } from '../app/services';
import type { Topic } from '../live/state';
import { z } from '../zod';
import { type Alert, byNeed, readAlerts } from './alert';

const NO_TOPICS: readonly string[] = [];

/** `alerts` for who sees every site, else one topic a site; nothing before that is known. */
function useAlertTopics(): readonly string[] {
  const { data: me } = useQuery(meQuery(api));
  return useMemo(() => (me === undefined ? NO_TOPICS : me.sites === null ? ['alerts'] : me.sites.map((site) => `alerts/${site}`)), [me]);
}

export type AlertsState = {
  /** Undefined until something is known. */
  alerts: readonly Alert[] | undefined;
  /** The topic that fares worst: a refused one before one that awaits before a current one. */
  worst: Topic | undefined;
};

export function useAlerts(): AlertsState {
  const names = useAlertTopics();
  useEffect(() => {
    const unfollow = names.map((name) => live.follow(name));
    return () => { for (const stop of unfollow) stop(); };
  }, [names]);
  const topics = useLive(useShallow((state) => names.map((name) => state.topics[name])));
  return useMemo(() => {
    const present = topics.filter((topic) => topic !== undefined);
    const data = present.map((topic) => topic.data).filter((copy) => copy !== null);
    const rank = (topic: Topic) => ['refused', 'awaiting', 'current'].indexOf(topic.status);
    const [worst] = [...present].sort((a, b) => rank(a) - rank(b));
    return { alerts: data.length === 0 ? undefined : byNeed(data.flatMap(readAlerts)), worst };
  }, [topics]);
}

const ACK_ROLES = ['operator', 'supervisor', 'admin'];

/** Whether the user's roles allow to acknowledge; the hub decides in the end. */
export function useMayAck(): boolean {
  const { data: me } = useQuery(meQuery(api));
  return me?.roles.some((role) => ACK_ROLES.includes(role)) ?? false;
}

/** Acknowledging twice is harmless; what changes on the screen comes by the live topic, as for everybody else. */
export function useAck(id: string) {
  return useMutation({
    networkMode: 'always',
    mutationFn: () => api.post(`/alerts/${encodeURIComponent(id)}/ack`, {}, z.unknown()),
  });
}
