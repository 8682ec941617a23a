import type * as z from 'zod';
import type { WorkQueueUpdate } from '../../api/schemas/pools.ts';
import type { Context } from '../../core/context.ts';
import { activeSlots } from '../../core/list-slots.ts';
import { readPool } from '../../core/pools.ts';
import { createQueue, type QueueChange, readQueue, updateQueue } from '../../core/queues.ts';
import type { WorkQueue } from '../../core/records.ts';
import { isAnyoneOnline } from '../../core/workers.ts';
import type { Handle } from '../http.ts';
import { onPage } from '../page.ts';
import { untilSettled } from '../settled.ts';
import { workQueueShape } from '../shapes/records.ts';

export const handleCreateWorkQueue: Handle<'createWorkQueue'> = async (context, { path, body }) => {
  const queue = await createQueue(context, path.name, { name: body.name, ...changeOf(body) });
  return { status: 201, body: await shape(context, queue, false) };
};

export const handleReadWorkQueue: Handle<'readWorkQueue'> = async (context, { path }) => {
  const queue = await readQueue(context, path.name, path.queue);
  const online = await isAnyoneOnline(context, queue.poolId);
  return { status: 200, body: await shape(context, queue, online) };
};

export const handleUpdateWorkQueue: Handle<'updateWorkQueue'> = async (context, { path, body }) => {
  const settling = await updateQueue(context, path.name, path.queue, changeOf(body));
  await untilSettled(context, settling);
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
  const shapes = onPage(queues, body).map((queue) => shape(context, queue, online));
  return { status: 200, body: await Promise.all(shapes) };
};

/** Only the keys that are there change anything. */
function changeOf(body: z.output<typeof WorkQueueUpdate>): QueueChange {
  const { description, is_paused, priority, concurrency_limit: limit } = body;
  return {
    ...(description == null ? {} : { description }),
    ...(is_paused === undefined ? {} : { isPaused: is_paused }),
    ...(priority == null ? {} : { priority }),
    ...(limit === undefined ? {} : { concurrencyLimit: limit }),
  };
}

async function shape(context: Context, queue: WorkQueue, online: boolean) {
  const { id, concurrencyLimit } = queue;
  const active = await activeSlots(context, { kind: 'queue', id }, concurrencyLimit);
  return workQueueShape(queue, online, active);
}
