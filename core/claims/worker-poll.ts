import type { WorkPool, WorkQueue } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import { isLapsed, type Session } from '../../model/sessions.ts';
import { poolNotFound, queueIdNotFound } from '../../model/values/errors.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';
import { ALONE, type Rank } from '../dispatch/rank.ts';
import { waitingRuns } from '../dispatch/waiting-runs.ts';
import { remember } from '../known-runs.ts';
import { FreeSlots } from '../limits/free-slots.ts';
import { stampPolled } from '../pools/polled.ts';
import { readView, selectQueues } from '../pools/pool-view.ts';
import { sweepAtPoll } from '../recovery/dead-sessions.ts';

export interface Poll {
  readonly poolName: string;
  /** If not empty, only runs of these queues are returned. */
  readonly queueNames: readonly string[];
  readonly scheduledBefore: Instant;
  readonly scheduledAfter: Instant;
  readonly limit: number;
  /** From the header X-Prefect-Worker-Name. */
  readonly workerName: string | undefined;
  /** Somebody looks at the queue; that is no poll of a worker. */
  readonly onlyLooks?: boolean;
}

/**
 * Returns the waiting runs that a Prefect worker or agent sees when it polls. A poll claims
 * nothing: set_state does that. Queues come in the order of their priority; within a queue, the
 * runs that have been due longest come first, and no more runs than there are free slots. Paused
 * pools and queues show no runs, and a worker that is being drained sees none.
 *
 * Workers that poll at the same time each see their own share of the queue first
 * (core/dispatch/rank.ts).
 *
 * @throws DibsError work_pool_not_found, work_queue_not_found
 */
export async function scheduledRuns(
  context: Context,
  poll: Poll,
): Promise<{ pool: WorkPool; runs: Run[] }> {
  const { store } = context;
  const known = await store.readPool(poll.poolName, 'cached');
  if (!known) throw poolNotFound(poll.poolName);
  await store.stampService(known.id, 'worker');
  const workers = await liveWorkers(context, known.id);
  const me = workers.find(({ workerName }) => workerName === poll.workerName);
  await sweepAtPoll(context, known, me?.id);

  const { pool, queues } = await servedQueues(context, poll);
  if (!poll.onlyLooks) await stampPolled(context, queues);
  if (pool.isPaused || me?.draining) return { pool, runs: [] };
  const runs = await fromQueues(context, { pool, queues }, poll, rankOf(workers, me));
  for (const run of runs) remember(context, run);
  return { pool, runs };
}

/**
 * The same as scheduledRuns(), for one queue that is given by its id.
 * @throws DibsError work_queue_not_found
 */
export async function scheduledRunsOfQueue(
  context: Context,
  queueId: string,
  poll: Omit<Poll, 'poolName' | 'queueNames'>,
): Promise<Run[]> {
  const place = await context.store.readQueuePlace(queueId);
  if (!place) throw queueIdNotFound();
  const { poolName, queueName } = place;
  return (await scheduledRuns(context, { ...poll, poolName, queueNames: [queueName] })).runs;
}

/**
 * A queue name that this process's cached records do not contain may be new, so queues are reread.
 */
async function servedQueues(context: Context, { poolName, queueNames }: Poll) {
  const view = await readView(context, poolName, 0);
  const isKnown = (name: string) => view.queues.some((queue) => queue.name === name);
  const fresh = queueNames.every(isKnown)
    ? view
    : { ...view, queues: await context.store.listQueues(view.pool.id, 'fresh') };
  return { pool: view.pool, queues: selectQueues(fresh, queueNames) };
}

async function fromQueues(
  context: Context,
  { pool, queues }: { pool: WorkPool; queues: readonly WorkQueue[] },
  { limit, scheduledBefore: before, scheduledAfter: after }: Poll,
  rank: Rank,
): Promise<Run[]> {
  const freeSlots = new FreeSlots(context);
  const roomIn = async (kind: 'pool' | 'queue', { id, concurrencyLimit }: WorkPool | WorkQueue) =>
    (concurrencyLimit === null ? undefined : await freeSlots.room({ kind, id })) ?? limit;
  const atMost = Math.min(limit, await roomIn('pool', pool));
  const runs: Run[] = [];
  for (const queue of queues) {
    const room = Math.min(atMost - runs.length, await roomIn('queue', queue));
    if (room <= 0) continue;
    runs.push(...(await waitingRuns(context, freeSlots, { queue, room, before, after, rank })));
  }
  return runs;
}

async function liveWorkers({ store, now }: Context, poolId: string): Promise<Session[]> {
  const at = now();
  const sessions = await store.listSessions(poolId, 'cached');
  return sessions.filter(
    (session) => session.kind === 'worker' && session.endedAt === null && !isLapsed(session, at),
  );
}

/** Ranks live workers by session id. A caller that is not one of them sees the queue unchanged. */
function rankOf(workers: readonly Session[], me: Session | undefined): Rank {
  if (!me) return ALONE;
  const ids = workers.map(({ id }) => id).sort();
  return { sessionId: me.id, mine: ids.indexOf(me.id), of: ids.length };
}
