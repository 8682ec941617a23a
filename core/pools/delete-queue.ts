import type { WorkQueue } from '../../model/pools.ts';
import { DibsError, queueNotFound } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { readPool } from './pools.ts';

/**
 * Deletes a queue, or a pool with all of its queues. Runs keep the id of their queue; that nothing is
 * found under it any more is how it is known that the queue was deleted:
 *
 * | of a deleted queue or pool | what becomes of it                                                    |
 * |----------------------------|-----------------------------------------------------------------------|
 * | runs that wait             | are there still, SCHEDULED, of no queue; handed to nobody, and nobody |
 * |                            | may claim them (core/proposals/begin-claim.ts). They may be cancelled. Where they wait is  |
 * |                            | on record while any does (core/recovery/forget-queues.ts)                          |
 * | claims                     | go on: their holders start, finish, fail, cancel and give back        |
 * | the limit, held slots      | the limit is gone at once, each slot with the end of its claim        |
 * | a claim whose session died | CRASHED where it would be requeued: nobody would take it (recover.ts) |
 * | deployments                | have neither queue nor pool, until they are deployed anew             |
 *
 * And of a pool alone:
 *
 * | agents                     | are renewed while they hold runs, as if they were drained; then 410   |
 * | Prefect's workers          | beat nowhere: their claims are those of a claimant nobody sees        |
 * | who sweeps                 | the backstop, every minute, until nothing is held (sweep.ts)          |
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
