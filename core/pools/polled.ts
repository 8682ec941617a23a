import type { Deployment } from '../../model/deployments.ts';
import type { WorkQueue } from '../../model/pools.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';

/** READY is what somebody polls. `polledAt`: null where nobody ever did. */
export const isPolled = (polledAt: Instant | null, now: Instant): boolean =>
  polledAt !== null && now - polledAt <= NUMBERS.polledFor;

/** What is shown of a queue is no reason for a poll to fail. */
export async function stampPolled({ store }: Context, queues: readonly WorkQueue[]): Promise<void> {
  await store.stampPolled(queues.map(({ id }) => id)).catch(() => undefined);
}

/** Who serves a deployment polls it by its id: where it is in no queue, that alone says that it is READY. */
export async function stampServed(
  { store }: Context,
  deployments: readonly Deployment[],
): Promise<void> {
  await store.stampServed(inNoQueue(deployments)).catch(() => undefined);
}

/** When deployments in no queue were polled last, by their ids. */
export async function servedAt(
  { store }: Context,
  deployments: readonly Deployment[],
): Promise<Map<string, Instant>> {
  const ids = inNoQueue(deployments);
  return ids.length === 0 ? new Map() : store.readServed(ids);
}

const inNoQueue = (deployments: readonly Deployment[]): string[] =>
  deployments.filter(({ queueId }) => !queueId).map(({ id }) => id);
