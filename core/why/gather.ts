import { scopesOf } from '../../model/limits.ts';
import type { WorkQueue } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import { isListed } from '../../model/sessions.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import type { LimitFacts, WhyFacts } from './cause.ts';

/** Reads the facts that the causes of one run are derived from. The run itself is already read. */
export async function gather(context: Context, run: Run): Promise<WhyFacts> {
  const { store, now } = context;
  const place = run.queueId ? await store.readQueuePlace(run.queueId) : undefined;
  const [pool, queues, all, deployments] = await Promise.all([
    place && store.readPool(place.poolName, 'fresh'),
    place ? store.listQueues(place.poolId, 'fresh') : [],
    place ? store.listSessions(place.poolId) : [],
    run.deploymentId ? store.readDeployments([run.deploymentId]) : [],
  ]);
  const queue = queues.find(({ id }) => id === run.queueId);
  const at = now();
  const before = queue
    ? queues.filter((one) => !one.isPaused && one.priority < queue.priority)
    : [];
  return {
    now: at,
    run,
    place,
    pool,
    queue,
    deployment: deployments[0],
    sessions: all.filter(isListed),
    holder: all.find(({ id }) => id === run.claim?.sessionId),
    limits: await readLimits(context, run, queue),
    ahead: await countDue(context, before, at),
    earlier: queue ? await countEarlier(context, run, queue, at) : 0,
    aheadAtMost: NUMBERS.whyAhead,
  };
}

function readLimits({ store }: Context, run: Run, queue: WorkQueue | undefined) {
  const { deploymentId } = run;
  const scopes = scopesOf({ poolId: queue?.poolId, queueId: queue?.id, deploymentId });
  return Promise.all(
    scopes.map(async (scope): Promise<LimitFacts> => {
      const told = {
        pool: [
          `pool "${queue?.poolName}"`,
          `dibs pool slots ${queue?.poolName}`,
          `dibs pool limit ${queue?.poolName} 1`,
        ],
        queue: [
          `queue "${queue?.name}"`,
          `dibs pool slots ${queue?.poolName} --queue ${queue?.name}`,
          `dibs queue limit ${queue?.name} 1 --pool ${queue?.poolName}`,
        ],
        deployment: [
          'its deployment',
          `dibs deployment slots ${deploymentId}`,
          `prefect deploy with concurrency_limit 1, or PATCH /api/deployments/${deploymentId}`,
        ],
      }[scope.kind];
      const [label = '', command = '', raise = ''] = told;
      return { ...(await store.readSlots(scope)), label, command, raise };
    }),
  );
}

/**
 * Counts the runs that were due earlier in the same queue or lane. In a queue with several shards
 * this is 0, because the order between shards is not defined.
 */
async function countEarlier(
  { store }: Context,
  { id, queueId = '', deploymentId = '', inLane, scheduledAt = 0 }: Run,
  { shards }: WorkQueue,
  now: Instant,
) {
  if (scheduledAt > now || shards > 1) return 0;
  const of = inLane ? { lane: deploymentId } : 0;
  const window = { queueId, of, now: scheduledAt, limit: NUMBERS.whyAhead + 1 };
  const { candidates } = await store.listReady(window);
  return candidates.filter(({ runId }) => runId !== id).length;
}

/**
 * Counts due runs that wait outside lanes. Runs in a lane are not counted, because a limit of their
 * own may hold them back.
 */
async function countDue({ store }: Context, queues: readonly WorkQueue[], now: Instant) {
  let count = 0;
  for (const { id: queueId, shards } of queues) {
    for (let of = 0; of < shards && count < NUMBERS.whyAhead; of++) {
      const limit = NUMBERS.whyAhead - count;
      count += (await store.listReady({ queueId, of, now, limit })).candidates.length;
    }
  }
  return count;
}
