import type * as z from 'zod';
import type { poolsRoutes } from '../../api/pools/routes.ts';
import type { WorkPoolUpdate } from '../../api/pools/schemas.ts';
import type { Context } from '../../core/context.ts';
import { matchesWorkPool } from '../../core/filters/work-pools.ts';
import { heldSlots } from '../../core/limits/list-slots.ts';
import { deletePool } from '../../core/pools/delete-pool.ts';
import { pausePools, resumePools } from '../../core/pools/pause-pools.ts';
import { createPool, type PoolChange, readPool, updatePool } from '../../core/pools/pools.ts';
import { isAnyoneOnline } from '../../core/sessions/workers.ts';
import type { Recovery, WorkPool } from '../../model/pools.ts';
import { SECOND } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';
import { onPage, thatFit } from '../http/page.ts';
import { personOf } from '../http/person.ts';
import { untilSettled } from '../limits/settled.ts';
import { poolForClient, workPoolShape } from './pool-shapes.ts';

export const poolHandlers = {
  createWorkPool: async (context, { body, userAgent }) => {
    const pool = await createPool(context, {
      name: body.name,
      ...(body.type === undefined ? {} : { type: body.type }),
      ...changeOf(body),
    });
    return { status: 201, body: poolForClient(await shape(context, pool), userAgent) };
  },

  readWorkPool: async (context, { path, userAgent }) => {
    const found = await shape(context, await readPool(context, path.name));
    return { status: 200, body: poolForClient(found, userAgent) };
  },

  updateWorkPool: async (context, { path, body }) => {
    await untilSettled(context, await updatePool(context, path.name, changeOf(body)));
    return { status: 204, body: undefined };
  },

  deleteWorkPool: async (context, { path }) => {
    await deletePool(context, path.name);
    return { status: 204, body: undefined };
  },

  filterWorkPools: async (context, { body, userAgent }) => {
    const pools = (await context.store.listPools()).filter(matchesWorkPool(body?.work_pools));
    const shapes = await Promise.all(onPage(pools, body).map((pool) => shape(context, pool)));
    return { status: 200, body: thatFit(shapes.map((one) => poolForClient(one, userAgent))) };
  },

  countWorkPools: async ({ store }, { body }) => ({
    status: 200,
    body: (await store.listPools()).filter(matchesWorkPool(body?.work_pools)).length,
  }),

  pauseWorkPools: async (context, { body }) => ({
    status: 200,
    body: { pools: await pausePools(context, personOf(body)) },
  }),

  resumeWorkPools: async (context) => ({
    status: 200,
    body: { pools: await resumePools(context) },
  }),
} satisfies Handles<keyof typeof poolsRoutes>;

const shape = async (context: Context, pool: WorkPool) =>
  workPoolShape(
    pool,
    await isAnyoneOnline(context, pool.id),
    await heldSlots(context, { kind: 'pool', id: pool.id }, pool.concurrencyLimit),
  );

/** Only keys that are present in the body change anything. */
function changeOf(body: z.output<typeof WorkPoolUpdate>): PoolChange {
  const { description, is_paused, base_job_template, concurrency_limit: limit } = body;
  const { storage_configuration, recovery } = body;
  return {
    ...(description === undefined ? {} : { description }),
    ...(is_paused === undefined ? {} : { isPaused: is_paused }),
    ...(base_job_template === undefined ? {} : { baseJobTemplate: base_job_template }),
    ...(limit === undefined ? {} : { concurrencyLimit: limit }),
    ...(recovery ? { recovery: recoveryOf(recovery) } : {}),
    ...(storage_configuration === undefined ? {} : { storage: storageOf(storage_configuration) }),
  };
}

/** The storage configuration is replaced as a whole, as in Prefect. */
const storageOf = (body: z.output<typeof WorkPoolUpdate>['storage_configuration']) => ({
  bundleUploadStep: body?.bundle_upload_step ?? null,
  bundleExecutionStep: body?.bundle_execution_step ?? null,
  resultStorageBlockId: body?.default_result_storage_block_id ?? null,
});

function recoveryOf(
  body: NonNullable<z.output<typeof WorkPoolUpdate>['recovery']>,
): Partial<Recovery> {
  const { on_loss, max_losses, on_lease_loss, prefect_running, pending_timeout } = body;
  return {
    ...(on_loss ? { onLoss: on_loss } : {}),
    ...(max_losses ? { maxLosses: max_losses } : {}),
    ...(on_lease_loss ? { onLeaseLoss: on_lease_loss } : {}),
    ...(prefect_running ? { prefectRunning: prefect_running } : {}),
    ...(pending_timeout === undefined
      ? {}
      : { pendingTimeout: pending_timeout === null ? null : pending_timeout * SECOND }),
  };
}
