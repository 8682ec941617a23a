import type { Freshness, PoolStore, QueuePlace, WorkPool, WorkQueue } from '../../model/pools.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { bound } from '../dynamo/bound.ts';
import { cache, keepForAMoment } from '../dynamo/cache.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import {
  clearQueues,
  deletePool,
  forgetDeletedPool,
  forgetDeletedQueue,
  listDeletedPools,
  listDeletedQueues,
} from './deleted.ts';
import { readPolled, readServed, stampPolled, stampServed } from './polled.ts';
import { createPool, listPools, readPool, updatePool } from './pools.ts';
import {
  addLane,
  createQueue,
  deleteQueue,
  listQueues,
  readQueuePlace,
  updateQueue,
} from './queues.ts';

/** Pools and queues. Every poll and claim reads them, so reads that may be 2 s old are cached. */
export function poolStore(db: Dynamo, now: () => Instant): PoolStore {
  const cachedPool = cache<WorkPool>(now, NUMBERS.recordsCached);
  const cachedQueues = cache<WorkQueue[]>(now, NUMBERS.recordsCached);
  const cachedPlace = cache<QueuePlace>(now, NUMBERS.recordsCached);
  return {
    ...bound(db, {
      createPool,
      listPools,
      listDeletedPools,
      forgetDeletedPool,
      listDeletedQueues,
      forgetDeletedQueue,
    }),
    ...stamps(db, now, cachedPlace.forget),
    readPool: (name, how) =>
      how === 'fresh'
        ? readPool(db, name)
        : cachedPool.read(name, () => readPool(db, name), sinceOf(how)),
    updatePool: async (pool, change, limit) => {
      const changed = await updatePool(db, pool, change, limit);
      cachedPool.forget(pool.name);
      return changed;
    },
    deletePool: async (pool, at) => {
      const done = await deletePool(db, pool, at);
      cachedPool.forget(pool.name);
      return done;
    },
    createQueue: async (queue, order, limit) => {
      const created = await createQueue(db, queue, order, limit);
      cachedQueues.forget(queue.poolId);
      return created;
    },
    updateQueue: async (queue, change, beside) => {
      const changed = await updateQueue(db, queue, change, beside);
      cachedQueues.forget(queue.poolId);
      return changed;
    },
    deleteQueue: async (queue, at) => {
      const done = await deleteQueue(db, queue, at);
      cachedQueues.forget(queue.poolId);
      cachedPlace.forget(queue.id);
      return done;
    },
    clearQueues: async (poolId, at) => {
      for (const id of await clearQueues(db, poolId, at)) cachedPlace.forget(id);
      cachedQueues.forget(poolId);
    },
    addLane: async (place, deploymentId) => {
      await addLane(db, place, deploymentId);
      cachedQueues.forget(place.poolId);
    },
    listQueues: async (poolId, how) =>
      how === 'fresh'
        ? listQueues(db, poolId)
        : ((await cachedQueues.read(poolId, () => listQueues(db, poolId), sinceOf(how))) ?? []),
    readQueuePlace: (id) => cachedPlace.read(id, () => readQueuePlace(db, id)),
  };
}

const sinceOf = (how: Freshness): Instant => (typeof how === 'object' ? how.since : 0);

type Stamps = Pick<
  PoolStore,
  'stampPolled' | 'notePolled' | 'readPolled' | 'stampServed' | 'readServed'
>;

/** Each process writes one stamp per queue or served deployment and half minute. */
function stamps(db: Dynamo, now: () => Instant, forgetPlace: (queueId: string) => void): Stamps {
  const stamped = keepForAMoment<true>(now, NUMBERS.polledStampEvery, NUMBERS.polledKept);
  const dueOf = (ids: readonly string[]): string[] => {
    const due = ids.filter((id) => !stamped.get(id));
    // Noted before the write is done, so that concurrent polls do not write it again.
    for (const id of due) stamped.set(id, true);
    return due;
  };
  return {
    ...bound(db, { readPolled, readServed }),
    stampPolled: async (queueIds) => {
      const due = dueOf(queueIds);
      await Promise.all(due.map((id) => stampPolled(db, id, now())));
      for (const id of due) forgetPlace(id);
    },
    notePolled: async (queueId, at) => {
      await stampPolled(db, queueId, at);
      forgetPlace(queueId);
    },
    stampServed: async (deploymentIds) => {
      await Promise.all(dueOf(deploymentIds).map((id) => stampServed(db, id, now())));
    },
  };
}
