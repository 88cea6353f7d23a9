/** The last copy of a topic that was seen, for a terminal that is opened again while the hub is away. */
import { useEffect } from 'react';
import { useTopic } from '../../app/hooks';
import { session } from '../../app/services';
import type { Topic } from '../../live/state';

const seen = new Map<string, Topic>();

// It was shown to who was signed in, and to nobody else.
session.status.subscribe(({ name }) => {
  if (name === 'signed_out') seen.clear();
});

const hasData = ({ data }: Topic) => data !== null;

export function useLastKnownTopic(name: string): Topic | undefined {
  const topic = useTopic(name);
  useEffect(() => {
    if (topic !== undefined && hasData(topic)) seen.set(name, topic);
  }, [name, topic]);
  if (topic === undefined || hasData(topic) || topic.status === 'refused') return topic;
  const before = seen.get(name);
  return before === undefined ? topic : { ...before, status: 'awaiting', staleSince: before.staleSince ?? before.changedAt };
}
