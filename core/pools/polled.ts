import type { Deployment } from '../../model/deployments.ts';
import type { WorkQueue } from '../../model/pools.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';

/**
 * Whether a queue or deployment was polled recently, so that it is READY. `polledAt`: null if
 * never.
 */
export const isPolled = (polledAt: Instant | null, now: Instant): boolean =>
  polledAt !== null && now - polledAt <= NUMBERS.polledFor;

/** Notes that queues were polled. This only affects what is displayed, so it never fails a poll. */
export async function stampPolled({ store }: Context, queues: readonly WorkQueue[]): Promise<void> {
  await store.stampPolled(queues.map(({ id }) => id)).catch(() => undefined);
}

/**
 * Notes that deployments were polled by their ids, as serving processes do. For deployments in no
 * queue only this note shows that they are READY.
 */
export async function stampServed(
  { store }: Context,
  deployments: readonly Deployment[],
): Promise<void> {
  await store.stampServed(inNoQueue(deployments)).catch(() => undefined);
}

/** When each of the deployments that are in no queue was last polled, by deployment id. */
export async function servedAt(
  { store }: Context,
  deployments: readonly Deployment[],
): Promise<Map<string, Instant>> {
  const ids = inNoQueue(deployments);
  return ids.length === 0 ? new Map() : store.readServed(ids);
}

const inNoQueue = (deployments: readonly Deployment[]): string[] =>
  deployments.filter(({ queueId }) => !queueId).map(({ id }) => id);
