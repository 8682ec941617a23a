import type { WorkQueue } from '../../model/pools.ts';
import { DibsError, queueNotFound } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { readPool } from './pools.ts';

/**
 * Deletes a queue. Runs keep the id of their queue; if no queue is found under this id, it was
 * deleted. What happens when a queue, or a pool with all of its queues, is deleted:
 *
 * | part of the queue or pool  | what happens to it                                                  |
 * |----------------------------|---------------------------------------------------------------------|
 * | waiting runs               | stay SCHEDULED, without a queue. No poll shows them and they cannot |
 * |                            | be claimed (core/proposals/begin-claim.ts), but can be cancelled.   |
 * |                            | The deleted queue stays on record while any run waits in it         |
 * |                            | (core/recovery/forget-queues.ts)                                    |
 * | claims                     | continue: holders start, finish, fail, cancel and give back runs    |
 * | the limit and held slots   | the limit is gone at once, each slot when its claim ends            |
 * | claims of dead sessions    | runs that would be requeued are CRASHED, because they could not be  |
 * |                            | claimed again (core/recovery/recover.ts)                            |
 * | deployments                | have neither queue nor pool until they are deployed again           |
 *
 * For a deleted pool also:
 *
 * | agents                     | sessions can be renewed while they hold runs, as if draining; then  |
 * |                            | 410                                                                 |
 * | Prefect's workers          | cannot send heartbeats any more, so their claims are treated as     |
 * |                            | those of callers without heartbeats                                 |
 * | sweeps                     | only the backstop, every minute, until no run is held               |
 * |                            | (core/recovery/sweep.ts)                                            |
 *
 * @throws DibsError work_queue_not_found, work_queue_is_default
 */
export async function deleteQueue(context: Context, queue: WorkQueue): Promise<void> {
  const pool = await readPool(context, queue.poolName);
  if (pool.defaultQueueId === queue.id) {
    throw new DibsError(
      'work_queue_is_default',
      `The default queue of work pool "${pool.name}" cannot be deleted.`,
    );
  }
  if (await context.store.deleteQueue(queue, context.now())) return;
  throw queueNotFound(queue.poolName, queue.name);
}
