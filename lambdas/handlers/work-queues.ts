import type * as z from 'zod';
import type { WorkQueueUpdate } from '../../api/schemas/pools.ts';
import { readPool } from '../../core/pools.ts';
import { createQueue, type QueueChange, readQueue, updateQueue } from '../../core/queues.ts';
import { isAnyoneOnline } from '../../core/workers.ts';
import type { Handle } from '../http.ts';
import { onPage } from '../page.ts';
import { workQueueShape } from '../shapes/records.ts';
import { noLimitsYet } from './work-pools.ts';

export const handleCreateWorkQueue: Handle<'createWorkQueue'> = async (context, { path, body }) => {
  const queue = await createQueue(context, path.name, { name: body.name, ...changeOf(body) });
  return { status: 201, body: workQueueShape(queue, false) };
};

export const handleReadWorkQueue: Handle<'readWorkQueue'> = async (context, { path }) => {
  const queue = await readQueue(context, path.name, path.queue);
  const online = await isAnyoneOnline(context, queue.poolId);
  return { status: 200, body: workQueueShape(queue, online) };
};

export const handleUpdateWorkQueue: Handle<'updateWorkQueue'> = async (context, { path, body }) => {
  await updateQueue(context, path.name, path.queue, changeOf(body));
  return { status: 204, body: undefined };
};

export const handleFilterWorkQueues: Handle<'filterWorkQueues'> = async (
  context,
  { path, body },
) => {
  const pool = await readPool(context, path.name);
  const { id, name } = body?.work_queues ?? {};
  const queues = (await context.store.listQueues(pool.id, 'fresh')).filter(
    (queue) =>
      (id?.any_ ?? [queue.id]).includes(queue.id) &&
      (name?.any_ ?? [queue.name]).includes(queue.name) &&
      (name?.startswith_ ?? ['']).some((start) => queue.name.startsWith(start)),
  );
  const online = await isAnyoneOnline(context, pool.id);
  const shapes = onPage(queues, body).map((queue) => workQueueShape(queue, online));
  return { status: 200, body: shapes };
};

/** Only the keys that are there change anything. */
function changeOf(body: z.output<typeof WorkQueueUpdate>): QueueChange {
  const { description, is_paused, priority, concurrency_limit } = body;
  if (concurrency_limit != null) throw noLimitsYet();
  return {
    ...(description == null ? {} : { description }),
    ...(is_paused === undefined ? {} : { isPaused: is_paused }),
    ...(priority == null ? {} : { priority }),
  };
}
