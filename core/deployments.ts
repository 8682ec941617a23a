import type { Context } from './context.ts';
import { DibsError, deploymentNotFound, poolNotFound, queueWithoutPool } from './errors.ts';
import { flowId, readFlow } from './flows.ts';
import { EMPTY_OBJECT, type JsonText } from './json-text.ts';
import { ensureLane, ensureLanes } from './lanes.ts';
import { LIMITS } from './limits.ts';
import { assertJobVariables, assertParameters } from './parameters.ts';
import { findOrCreateQueue } from './queues.ts';
import type { Deployment, WorkPool } from './records.ts';
import { firstLimit, nextLimit } from './set-limit.ts';
import type { Scope } from './slots.ts';

export type NewDeployment = Pick<Deployment, 'flowId' | 'name'> &
  Partial<
    Omit<
      Deployment,
      'id' | 'flowId' | 'name' | 'queueId' | 'generation' | 'createdAt' | 'updatedAt'
    >
  > & {
    readonly poolName?: string | null;
    readonly queueName?: string | null;
  };

/**
 * Creates a deployment, or overwrites the one of this flow and name: what is not given goes back to
 * its default, and the generation grows.
 * @throws DibsError flow_not_found, work_pool_not_found, not_supported, parameters_invalid,
 *   job_variables_invalid, payload_too_large
 */
export async function createDeployment(
  context: Context,
  wish: NewDeployment,
): Promise<{ deployment: Deployment; created: boolean; settling?: Scope }> {
  await readFlow(context, wish.flowId);
  const pool = await poolFor(context, wish);
  const deployment = await fromWish(context, wish, pool);
  assertSize(deployment);
  if (deployment.enforceParameterSchema) {
    assertParameters(deployment.parameterSchema, deployment.parameters, { partial: true });
  }
  const known = await context.store.readDeploymentId(wish.flowId, wish.name);
  if (known === undefined) {
    const { id, concurrencyLimit, collisionStrategy, queueId } = deployment;
    await ensureLane(context, deployment, queueId);
    const limit = firstLimit({ kind: 'deployment', id }, concurrencyLimit, collisionStrategy);
    const made = await context.store.createDeployment(deployment, limit);
    if (made.created) return { deployment, created: true };
    return { ...(await overwrite(context, { ...deployment, id: made.id })), created: false };
  }
  return { ...(await overwrite(context, { ...deployment, id: known })), created: false };
}

async function fromWish(
  context: Context,
  wish: NewDeployment,
  pool: WorkPool | null,
): Promise<Deployment> {
  const jobVariables = wish.jobVariables ?? EMPTY_OBJECT;
  if (pool) assertJobVariables(pool.baseJobTemplate, jobVariables, { partial: true });
  const at = context.now();
  return {
    id: context.newId(),
    flowId: wish.flowId,
    name: wish.name,
    version: wish.version ?? null,
    description: wish.description ?? null,
    paused: wish.paused ?? false,
    parameters: wish.parameters ?? EMPTY_OBJECT,
    parameterSchema: wish.parameterSchema ?? EMPTY_OBJECT,
    enforceParameterSchema: wish.enforceParameterSchema ?? true,
    jobVariables,
    tags: wish.tags ?? [],
    labels: wish.labels ?? EMPTY_OBJECT,
    queueId: pool && (await queueFor(context, pool, wish.queueName)),
    concurrencyLimit: wish.concurrencyLimit ?? null,
    collisionStrategy: wish.collisionStrategy ?? 'ENQUEUE',
    graceSeconds: wish.graceSeconds ?? null,
    path: wish.path ?? null,
    entrypoint: wish.entrypoint ?? null,
    pullSteps: wish.pullSteps ?? null,
    storageDocumentId: wish.storageDocumentId ?? null,
    infrastructureDocumentId: wish.infrastructureDocumentId ?? null,
    generation: 1,
    createdAt: at,
    updatedAt: at,
  };
}

/** One generation after the other, however many overwrite at once. */
async function overwrite(
  context: Context,
  deployment: Deployment,
): Promise<{ deployment: Deployment; settling?: Scope }> {
  const { id, concurrencyLimit, collisionStrategy } = deployment;
  const scope: Scope = { kind: 'deployment', id };
  for (let tries = 0; tries < LIMITS.decisions; tries++) {
    const { generation, createdAt } = await readDeployment(context, id);
    const overwritten = { ...deployment, createdAt, generation: generation + 1 };
    const limit = await nextLimit(context, scope, concurrencyLimit, collisionStrategy);
    if (limit?.settlesAt != null) await ensureLanes(context, deployment);
    else await ensureLane(context, deployment, deployment.queueId);
    if ((await context.store.overwriteDeployment(overwritten, limit)) !== 'updated') continue;
    return { deployment: overwritten, ...(limit?.settlesAt == null ? {} : { settling: scope }) };
  }
  throw new DibsError('too_busy', 'This deployment kept changing while it was being overwritten.');
}

/** @throws DibsError work_pool_not_found, not_supported */
async function poolFor({ store }: Context, wish: NewDeployment): Promise<WorkPool | null> {
  if (!wish.poolName) {
    if (!wish.queueName) return null;
    throw queueWithoutPool();
  }
  const pool = await store.readPool(wish.poolName, 'fresh');
  if (!pool) throw poolNotFound(wish.poolName);
  return pool;
}

async function queueFor(context: Context, pool: WorkPool, name: string | null | undefined) {
  return name ? (await findOrCreateQueue(context, pool, name)).id : pool.defaultQueueId;
}

function assertSize(deployment: Deployment): void {
  const texts = Object.values(deployment).filter(
    (v): v is JsonText => v instanceof Object && 'text' in v,
  );
  const bytes = texts.reduce((sum, text) => sum + text.bytes, 0);
  if (bytes <= LIMITS.recordBytes) return;
  throw new DibsError(
    'payload_too_large',
    `The JSON of a deployment may have ${LIMITS.recordBytes} bytes in all; this has ${bytes}.`,
    { hint: 'Keep large parameters with the runs, or in a store of your own.' },
  );
}

/** @throws DibsError deployment_not_found */
export async function readDeployment({ store }: Context, id: string): Promise<Deployment> {
  const [deployment] = await store.readDeployments([id]);
  if (!deployment) throw deploymentNotFound();
  return deployment;
}

/** @throws DibsError deployment_not_found */
export async function readDeploymentByName(
  context: Context,
  flowName: string,
  name: string,
): Promise<Deployment> {
  const id = await context.store.readDeploymentId(flowId(flowName), name);
  if (id === undefined) throw deploymentNotFound();
  return readDeployment(context, id);
}
