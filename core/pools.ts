import type { Context } from './context.ts';
import { DibsError, poolNotFound } from './errors.ts';
import { EMPTY_OBJECT, type JsonText } from './json-text.ts';
import { LIMITS } from './limits.ts';
import type { WorkPool, WorkQueue } from './records.ts';

export interface NewPool {
  readonly name: string;
  readonly type?: string;
  readonly description?: string | null;
  readonly baseJobTemplate?: JsonText;
  readonly isPaused?: boolean;
}

/**
 * Creates a pool with its default queue.
 * @throws DibsError work_pool_exists, work_pool_name_reserved, template_invalid, payload_too_large
 */
export async function createPool(context: Context, wish: NewPool): Promise<WorkPool> {
  assertNotReserved(wish.name);
  const template = wish.baseJobTemplate ?? EMPTY_OBJECT;
  assertTemplate(template);
  const at = context.now();
  const pool: WorkPool = {
    id: context.newId(),
    name: wish.name,
    type: wish.type ?? 'prefect-agent',
    description: wish.description ?? null,
    baseJobTemplate: template,
    isPaused: wish.isPaused ?? false,
    defaultQueueId: context.newId(),
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
    shards: 1,
    createdAt: at,
    updatedAt: at,
  };
  if ((await context.store.createPool(pool, queue)) === 'created') return pool;
  throw new DibsError('work_pool_exists', 'A work pool with this name already exists.');
}

/** @throws DibsError work_pool_not_found */
export async function readPool({ store }: Context, name: string): Promise<WorkPool> {
  const pool = await store.readPool(name, 'fresh');
  if (!pool) throw poolNotFound(name);
  return pool;
}

export type PoolChange = Partial<Pick<WorkPool, 'description' | 'isPaused' | 'baseJobTemplate'>>;

/** @throws DibsError work_pool_not_found, work_pool_name_reserved, template_invalid */
export async function updatePool(
  { store, now }: Context,
  name: string,
  change: PoolChange,
): Promise<void> {
  if (Object.keys(change).some((key) => key !== 'isPaused')) assertNotReserved(name);
  if (change.baseJobTemplate) assertTemplate(change.baseJobTemplate);
  const done = await store.updatePool(name, { ...change, updatedAt: now() });
  if (done === 'missing') throw poolNotFound(name);
}

function assertNotReserved(name: string): void {
  if (!name.toLowerCase().startsWith('prefect')) return;
  throw new DibsError(
    'work_pool_name_reserved',
    'Worker pools starting with "Prefect" are reserved for internal use.',
  );
}

/** `{}`, or job_configuration whose every {{ placeholder }} is one of variables' properties. */
function assertTemplate(template: JsonText): void {
  if (template.bytes > LIMITS.recordBytes) {
    throw new DibsError(
      'payload_too_large',
      `A job template may have ${LIMITS.recordBytes} bytes; this one has ${template.bytes}.`,
    );
  }
  const value = template.parse() as { job_configuration?: unknown; variables?: unknown };
  if (Object.keys(value).length === 0) return;
  const invalid = (why: string) => new DibsError('template_invalid', why);
  if (value.job_configuration === undefined || value.variables === undefined) {
    throw invalid(
      'The `base_job_template` must contain both a `job_configuration` key and a `variables` key.',
    );
  }
  const { properties } = Object(value.variables) as { properties?: Record<string, unknown> | null };
  const placeholders = JSON.stringify(value.job_configuration).matchAll(
    /\{\{\s*([\w.$-]+)\s*\}\}/g,
  );
  const unknown = [...placeholders]
    .map(([, name = '']) => name)
    .filter((name) => !name.startsWith('prefect.') && !Object.hasOwn(properties ?? {}, name));
  if (unknown.length === 0) return;
  throw invalid(
    `The variables specified in the job configuration template must be present as properties in the variables schema. Your job configuration uses the following undeclared variable(s): ${[...new Set(unknown)].join(' ,')}.`,
  );
}
