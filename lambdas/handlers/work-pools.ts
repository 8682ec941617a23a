import type * as z from 'zod';
import type { WorkPoolUpdate } from '../../api/schemas/pools.ts';
import type { Context } from '../../core/context.ts';
import { DibsError } from '../../core/errors.ts';
import { createPool, type PoolChange, readPool, updatePool } from '../../core/pools.ts';
import type { WorkPool } from '../../core/records.ts';
import { isAnyoneOnline, listWorkers } from '../../core/workers.ts';
import type { Handle } from '../http.ts';
import { onPage } from '../page.ts';
import { workerShape, workPoolShape } from '../shapes/records.ts';

export const handleCreateWorkPool: Handle<'createWorkPool'> = async (context, { body }) => {
  const pool = await createPool(context, {
    name: body.name,
    ...(body.type === undefined ? {} : { type: body.type }),
    ...changeOf(body),
  });
  return { status: 201, body: workPoolShape(pool, false) };
};

export const handleReadWorkPool: Handle<'readWorkPool'> = async (context, { path }) => ({
  status: 200,
  body: await shape(context, await readPool(context, path.name)),
});

export const handleUpdateWorkPool: Handle<'updateWorkPool'> = async (context, { path, body }) => {
  await updatePool(context, path.name, changeOf(body));
  return { status: 204, body: undefined };
};

export const handleFilterWorkPools: Handle<'filterWorkPools'> = async (context, { body }) => {
  const { id, name, type } = body?.work_pools ?? {};
  const pools = (await context.store.listPools()).filter(
    (pool) =>
      (id?.any_ ?? [pool.id]).includes(pool.id) &&
      (name?.any_ ?? [pool.name]).includes(pool.name) &&
      (type?.any_ ?? [pool.type]).includes(pool.type),
  );
  const shapes = onPage(pools, body).map((pool) => shape(context, pool));
  return { status: 200, body: await Promise.all(shapes) };
};

export const handleReadWorkers: Handle<'readWorkers'> = async (context, { path }) => {
  const workers = await listWorkers(context, path.name);
  return { status: 200, body: workers.map(workerShape) };
};

const shape = async (context: Context, pool: WorkPool) =>
  workPoolShape(pool, await isAnyoneOnline(context, pool.id));

/** Only the keys that are there change anything. */
function changeOf(body: z.output<typeof WorkPoolUpdate>): PoolChange {
  const { description, is_paused, base_job_template, concurrency_limit, storage_configuration } =
    body;
  if (concurrency_limit != null) throw noLimitsYet();
  if (Object.values(storage_configuration ?? {}).some((value) => value != null)) {
    throw new DibsError('not_supported', 'storage_configuration is not supported yet.', {
      hint: 'Leave it out.',
    });
  }
  return {
    ...(description === undefined ? {} : { description }),
    ...(is_paused === undefined ? {} : { isPaused: is_paused }),
    ...(base_job_template === undefined ? {} : { baseJobTemplate: base_job_template }),
  };
}

/** A limit that is stored but not kept would be worse than none. */
export const noLimitsYet = () =>
  new DibsError('not_supported', 'Concurrency limits are not supported yet.', {
    hint: 'Leave concurrency_limit out, or send null.',
  });
