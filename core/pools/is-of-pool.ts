import type { Run } from '../../model/runs/run.ts';
import type { Context } from '../context.ts';

/**
 * Whether a run that a session holds is held in this pool. The index lists what is held by the id of
 * the session, but a session is one of a pool: a client that uses one id in two pools has two, and
 * what becomes of one says nothing about the runs of the other.
 */
async function isOfPool(
  { store }: Pick<Context, 'store'>,
  poolId: string,
  { queueId }: Pick<Run, 'queueId'>,
): Promise<boolean> {
  if (queueId === undefined) return true;
  const place = await store.readQueuePlace(queueId);
  if (place) return place.poolId === poolId;
  const deleted = (await store.listDeletedQueues()).find(({ id }) => id === queueId);
  return deleted === undefined || deleted.poolId === poolId;
}

/** Whether a session holds any run in this pool, or may hold one, according to the index. */
export async function holdsInPool(
  context: Pick<Context, 'store'>,
  { poolId, sessionId }: { readonly poolId: string; readonly sessionId: string },
): Promise<boolean> {
  const entries = await context.store.listClaimed(sessionId);
  if (entries.length === 0) return false;
  const runs = await context.store.readRuns(entries.map(({ runId }) => runId));
  return (await ofPool(context, poolId, runs)).length > 0;
}

/** Those of these runs that are held in this pool. */
export async function ofPool(
  context: Pick<Context, 'store'>,
  poolId: string,
  runs: readonly Run[],
): Promise<Run[]> {
  const are = await Promise.all(runs.map((run) => isOfPool(context, poolId, run)));
  return runs.filter((_, i) => are[i]);
}
