import type { Deployment } from '../../model/deployments.ts';
import type { WorkPool } from '../../model/pools.ts';
import type { Context } from '../context.ts';

/** The pool that a deployment or run belongs to. */
export async function poolOf(
  { store }: Context,
  { queueId }: Pick<Deployment, 'queueId'>,
): Promise<WorkPool | undefined> {
  const place = queueId ? await store.readQueuePlace(queueId) : undefined;
  return place && store.readPool(place.poolName, 'cached');
}
