import type { Deployment } from '../../model/deployments.ts';
import type { Context } from '../context.ts';

type Limited = Pick<Deployment, 'id' | 'concurrencyLimit'>;

/**
 * Whether runs of this deployment wait in a lane, which only claims that know of the deployment's
 * limit read.
 */
export const hasLane = ({ concurrencyLimit }: Limited): boolean => concurrencyLimit !== null;

/**
 * Registers a deployment on a queue, before the first of its runs waits there. The queue's record
 * tells claims which deployments' runs need a slot, and which lanes exist. On a queue that is not
 * the deployment's own, a deployment without a limit is registered too, because it may get a limit
 * while its run is being put there.
 */
export async function ensureLane(
  { store }: Context,
  deployment: Limited & Pick<Deployment, 'queueId'>,
  queueId: string | null,
): Promise<void> {
  if (queueId === null) return;
  if (deployment.concurrencyLimit === null && queueId === deployment.queueId) return;
  const place = await store.readQueuePlace(queueId);
  if (!place) return;
  const queues = await store.listQueues(place.poolId, 'cached');
  const queue = queues.find(({ id }) => id === queueId);
  if (!queue?.limited.includes(deployment.id)) await store.addLane(place, deployment.id);
}

/**
 * Registers a deployment that gets its first limit on every queue, because its runs may still wait
 * in queues that it was in before.
 */
export async function ensureLanes({ store }: Context, { id }: Limited): Promise<void> {
  const pools = await store.listPools();
  const queues = await Promise.all(pools.map((pool) => store.listQueues(pool.id, 'fresh')));
  const missing = queues.flat().filter(({ limited }) => !limited.includes(id));
  for (const { poolId, name: queueName } of missing) {
    await store.addLane({ poolId, queueName }, id);
  }
}
