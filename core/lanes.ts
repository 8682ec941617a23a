import type { Context } from './context.ts';
import type { Deployment } from './records.ts';

type Limited = Pick<Deployment, 'id' | 'concurrencyLimit' | 'collisionStrategy'>;

/** Whether runs of this deployment wait in a lane; under CANCEL_NEW nothing waits. */
export const hasLane = ({ concurrencyLimit, collisionStrategy }: Limited): boolean =>
  concurrencyLimit !== null && collisionStrategy === 'ENQUEUE';

/**
 * Registers a limited deployment on a queue, before the first of its runs waits there: claims know by
 * the queue's record whose runs need a slot, and where lanes are.
 */
export async function ensureLane(
  { store }: Context,
  deployment: Limited,
  queueId: string | null,
): Promise<void> {
  if (deployment.concurrencyLimit === null || queueId === null) return;
  const place = await store.readQueuePlace(queueId);
  if (!place) return;
  const queues = await store.listQueues(place.poolId, 'cached');
  const queue = queues.find(({ id }) => id === queueId);
  if (!queue?.limited.includes(deployment.id)) await store.addLane(place, deployment.id);
}
