import type * as z from 'zod';
import type { queuesRoutes } from '../../api/pools/queues-routes.ts';
import type {
  WorkQueueCreate,
  WorkQueuesFilter,
  WorkQueueUpdate,
} from '../../api/pools/schemas.ts';
import type { Context } from '../../core/context.ts';
import { matchesWorkQueue } from '../../core/filters/work-pools.ts';
import { heldSlots } from '../../core/limits/list-slots.ts';
import { DEFAULT_AGENT_POOL, defaultAgentPool } from '../../core/pools/default-agent-pool.ts';
import { deleteQueue } from '../../core/pools/delete-queue.ts';
import { readPool } from '../../core/pools/pools.ts';
import {
  createQueue,
  listAllQueues,
  type QueueChange,
  readQueue,
  readQueueById,
  updateQueue,
} from '../../core/pools/queues.ts';
import type { WorkQueue } from '../../model/pools.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Handles } from '../http/http.ts';
import { onPage } from '../http/page.ts';
import { untilSettled } from '../limits/settled.ts';
import { workQueueShape } from './pool-shapes.ts';

type Find = () => Promise<WorkQueue>;

export const queueHandlers = {
  createWorkQueue: async (context, { path, body }) => create(context, path.name, body),

  createDefaultPoolQueue: async (context, { body }) =>
    create(context, (await defaultAgentPool(context)).name, body),

  readWorkQueue: async (context, { path }) =>
    read(context, () => readQueue(context, path.name, path.queue)),

  defaultAgentPoolQueue: async (context, { path }) =>
    read(context, () => readQueue(context, DEFAULT_AGENT_POOL, path.queue)),

  readWorkQueueById: async (context, { path }) =>
    read(context, () => readQueueById(context, path.id)),

  updateWorkQueue: async (context, { path, body }) =>
    update(context, () => readQueue(context, path.name, path.queue), body),

  updateWorkQueueById: async (context, { path, body }) =>
    update(context, () => readQueueById(context, path.id), body),

  deleteWorkQueue: async (context, { path }) =>
    remove(context, () => readQueue(context, path.name, path.queue)),

  deleteWorkQueueById: async (context, { path }) =>
    remove(context, () => readQueueById(context, path.id)),

  filterWorkQueues: async (context, { path, body }) => {
    const pool = await readPool(context, path.name);
    const queues = matching(await context.store.listQueues(pool.id, 'fresh'), body);
    return { status: 200, body: await queueShapes(context, onPage(queues, body)) };
  },

  filterAllWorkQueues: async (context, { body }) => {
    const queues = matching(await listAllQueues(context), body);
    queues.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { status: 200, body: await queueShapes(context, onPage(queues, body)) };
  },
} satisfies Handles<keyof typeof queuesRoutes>;

function matching(
  queues: readonly WorkQueue[],
  body: z.output<typeof WorkQueuesFilter>,
): WorkQueue[] {
  const matches = matchesWorkQueue(body?.work_queues);
  return queues.filter(({ id, name }) => matches({ queueId: id, queueName: name }));
}

async function create(context: Context, pool: string, body: z.output<typeof WorkQueueCreate>) {
  const queue = await createQueue(context, pool, { name: body.name, ...changeOf(body) });
  return { status: 201 as const, body: await shape(context, queue, null) };
}

async function read(context: Context, find: Find) {
  const queue = await find();
  const polled = await context.store.readPolled([queue.id]);
  return { status: 200 as const, body: await shape(context, queue, polled.get(queue.id) ?? null) };
}

async function update(context: Context, find: Find, body: z.output<typeof WorkQueueUpdate>) {
  const findIt = async () => assertNotRenamed(await find(), body.name);
  await untilSettled(context, await updateQueue(context, findIt, changeOf(body)));
  const { last_polled: polledAt } = body;
  if (polledAt != null) await context.store.notePolled((await findIt()).id, polledAt);
  return { status: 204 as const, body: undefined };
}

/**
 * A queue's name is its key. Runs and deployments name a queue by its id, but agents ask for it by
 * name.
 */
function assertNotRenamed(queue: WorkQueue, name: string | null | undefined): WorkQueue {
  if (name == null || name === queue.name) return queue;
  throw new DibsError('invalid_request', `Work queue "${queue.name}" cannot be renamed.`, {
    hint: 'Create another queue and deploy to it.',
  });
}

async function remove(context: Context, find: Find) {
  await deleteQueue(context, await find());
  return { status: 204 as const, body: undefined };
}

/** Only keys that are present in the body change anything. */
function changeOf(body: z.output<typeof WorkQueueUpdate>): QueueChange {
  const { description, is_paused, priority, concurrency_limit: limit } = body;
  return {
    ...(description == null ? {} : { description }),
    ...(is_paused === undefined ? {} : { isPaused: is_paused }),
    ...(priority == null ? {} : { priority }),
    ...(limit === undefined ? {} : { concurrencyLimit: limit }),
  };
}

export async function queueShapes(context: Context, queues: readonly WorkQueue[]) {
  const polled = await context.store.readPolled(queues.map(({ id }) => id));
  return Promise.all(queues.map((queue) => shape(context, queue, polled.get(queue.id) ?? null)));
}

async function shape(context: Context, queue: WorkQueue, polledAt: number | null) {
  const { id, concurrencyLimit } = queue;
  const active = await heldSlots(context, { kind: 'queue', id }, concurrencyLimit);
  return workQueueShape(queue, polledAt, active, context.now());
}
