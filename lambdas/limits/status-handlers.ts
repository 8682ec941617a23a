import type { statusRoutes } from '../../api/limits/status-routes.ts';
import { countLateRuns } from '../../core/dispatch/late-runs.ts';
import { slotHolders } from '../../core/limits/slot-holders.ts';
import { isPolled } from '../../core/pools/polled.ts';
import { readPool } from '../../core/pools/pools.ts';
import { readQueueById } from '../../core/pools/queues.ts';
import { SECOND, toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Handles } from '../http/http.ts';
import { pagination } from '../http/page.ts';
import { slotHolderShape } from './slot-holder-shape.ts';

export const statusHandlers = {
  readWorkPoolConcurrency: async (context, { path, body }) => {
    const pool = await readPool(context, path.name);
    const queues = await context.store.listQueues(pool.id, 'fresh');
    const holders = await slotHolders(context, pool.id);
    const { items: shown, ...counts } = pagination(queues, body);
    const most = body?.flow_run_limit ?? 10;
    const now = context.now();
    return {
      status: 200,
      body: {
        active_slots: holders.length,
        concurrency_limit: pool.concurrencyLimit,
        queues: shown.map((queue) => {
          const runs = holders.filter(({ queueId }) => queueId === queue.id);
          return {
            queue_id: queue.id,
            queue_name: queue.name,
            active_slots: runs.length,
            concurrency_limit: queue.concurrencyLimit,
            flow_runs: runs.slice(0, most).map((run) => slotHolderShape(run, now)),
            flow_run_count: runs.length,
          };
        }),
        ...counts,
      },
    };
  },

  readWorkQueueConcurrency: async (context, { path, body }) => {
    const queue = await readQueueById(context, path.id);
    const inPool = await slotHolders(context, queue.poolId);
    const holders = inPool.filter(({ queueId }) => queueId === queue.id);
    const { items: shown, ...counts } = pagination(holders, body);
    const now = context.now();
    return {
      status: 200,
      body: {
        active_slots: holders.length,
        concurrency_limit: queue.concurrencyLimit,
        flow_runs: shown.map((run) => slotHolderShape(run, now)),
        ...counts,
      },
    };
  },

  readWorkQueueStatus: async (context, { path }) => {
    const queue = await readQueueById(context, path.id);
    const late = await countLateRuns(context, queue);
    const polledAt = (await context.store.readPolled([queue.id])).get(queue.id) ?? null;
    return {
      status: 200,
      body: {
        healthy: late === 0 && isPolled(polledAt, context.now()),
        late_runs_count: late,
        last_polled: polledAt === null ? null : toIso(polledAt),
        health_check_policy: {
          maximum_late_runs: 0,
          maximum_seconds_since_last_polled: NUMBERS.polledFor / SECOND,
        },
      },
    };
  },
} satisfies Handles<keyof typeof statusRoutes>;
