import type { Scope } from '../../model/limits.ts';
import {
  DEFAULT_RECOVERY,
  NO_STORAGE,
  type Recovery,
  type StorageConfiguration,
  type WorkPool,
  type WorkQueue,
} from '../../model/pools.ts';
import { DibsError, poolNotFound } from '../../model/values/errors.ts';
import { EMPTY_OBJECT, type JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { firstLimit, nextLimit } from '../limits/set-limit.ts';
import { assertDefaults, assertTemplate } from '../parameters/job-template.ts';

export interface NewPool {
  readonly name: string;
  readonly type?: string;
  readonly description?: string | null;
  readonly baseJobTemplate?: JsonText;
  readonly isPaused?: boolean;
  readonly concurrencyLimit?: number | null;
  readonly recovery?: Partial<Recovery>;
  readonly storage?: StorageConfiguration;
}

/** The type of pools that Prefect 2's agents poll. It is the default; such pools have no status. */
export const PREFECT_AGENT = 'prefect-agent';

/**
 * Creates a pool with its default queue.
 * @throws DibsError work_pool_exists, work_pool_name_reserved, template_invalid, payload_too_large,
 * block_document_not_found
 */
export async function createPool(context: Context, wish: NewPool): Promise<WorkPool> {
  assertNotReserved(wish.name);
  const template = wish.baseJobTemplate ?? EMPTY_OBJECT;
  assertTemplate(template);
  await assertDefaults(context, template);
  const at = context.now();
  const pool: WorkPool = {
    id: context.newId(),
    name: wish.name,
    type: wish.type ?? PREFECT_AGENT,
    description: wish.description ?? null,
    baseJobTemplate: template,
    isPaused: wish.isPaused ?? false,
    pausedBy: null,
    concurrencyLimit: wish.concurrencyLimit ?? null,
    recovery: { ...DEFAULT_RECOVERY, ...wish.recovery },
    storage: wish.storage ?? NO_STORAGE,
    defaultQueueId: context.newId(),
    queuesVersion: 0,
    createdAt: at,
    updatedAt: at,
  };
  const queue: WorkQueue = {
    id: pool.defaultQueueId,
    name: 'default',
    poolId: pool.id,
    poolName: pool.name,
    description: "The work pool's default queue.",
    isPaused: false,
    priority: 1,
    concurrencyLimit: null,
    limited: [],
    shards: 1,
    createdAt: at,
    updatedAt: at,
  };
  const limit = firstLimit({ kind: 'pool', id: pool.id }, pool.concurrencyLimit);
  if ((await context.store.createPool(pool, queue, limit)) === 'created') return pool;
  throw new DibsError('work_pool_exists', 'A work pool with this name already exists.');
}

/** @throws DibsError work_pool_not_found */
export async function readPool({ store }: Context, name: string): Promise<WorkPool> {
  const pool = await store.readPool(name, 'fresh');
  if (!pool) throw poolNotFound(name);
  return pool;
}

export type PoolChange = Partial<
  Pick<WorkPool, 'description' | 'isPaused' | 'baseJobTemplate' | 'concurrencyLimit' | 'storage'>
> & { readonly recovery?: Partial<Recovery> };

/** The fields that may be changed even on a pool with a reserved name. */
const ALWAYS_OPEN = new Set(['isPaused', 'concurrencyLimit']);

/**
 * Changes a pool. A first limit has to settle before any run is claimed under it
 * (core/limits/settle.ts): then its scope is returned, so that the caller can wait for it.
 * @throws DibsError work_pool_not_found, work_pool_name_reserved, template_invalid, too_busy
 */
export async function updatePool(
  context: Context,
  name: string,
  change: PoolChange,
): Promise<Scope | undefined> {
  const { store, now } = context;
  if (Object.keys(change).some((key) => !ALWAYS_OPEN.has(key))) assertNotReserved(name);
  if (change.baseJobTemplate) assertTemplate(change.baseJobTemplate);
  const { recovery, concurrencyLimit, ...rest } = change;
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const pool = await readPool(context, name);
    const scope: Scope = { kind: 'pool', id: pool.id };
    const limit = await nextLimit(context, scope, concurrencyLimit);
    const update = {
      ...rest,
      // An operator who pauses or resumes this pool individually overrides the pause of all pools.
      ...(rest.isPaused === undefined ? {} : { pausedBy: null }),
      // The record's limit is written only together with the limit itself: otherwise, of two
      // changes at the same time, the record could show one and the limit the other.
      ...(limit ? { concurrencyLimit: limit.limit } : {}),
      ...(recovery ? { recovery: { ...pool.recovery, ...recovery } } : {}),
      updatedAt: now(),
    };
    const done = await store.updatePool(pool, update, limit);
    if (done === 'missing') throw poolNotFound(name);
    if (done === 'updated') return limit?.settlesAt == null ? undefined : scope;
  }
  throw new DibsError('too_busy', 'The limit of this pool kept changing during the request.');
}

/** @throws DibsError work_pool_name_reserved */
export function assertNotReserved(name: string): void {
  if (!name.toLowerCase().startsWith('prefect')) return;
  throw new DibsError(
    'work_pool_name_reserved',
    'Work pools starting with "Prefect" are reserved for internal use.',
  );
}
