import type { Context } from './context.ts';
import { DibsError, deploymentNotFound, poolNotFound } from './errors.ts';
import { flowId, readFlow } from './flows.ts';
import { EMPTY_OBJECT, type JsonText } from './json-text.ts';
import { LIMITS } from './limits.ts';
import { assertParameters } from './parameters.ts';
import { findOrCreateQueue } from './queues.ts';
import type { Deployment } from './records.ts';

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
 *   payload_too_large
 */
export async function createDeployment(
  context: Context,
  wish: NewDeployment,
): Promise<{ deployment: Deployment; created: boolean }> {
  await readFlow(context, wish.flowId);
  const at = context.now();
  const deployment: Deployment = {
    id: context.newId(),
    flowId: wish.flowId,
    name: wish.name,
    version: wish.version ?? null,
    description: wish.description ?? null,
    paused: wish.paused ?? false,
    parameters: wish.parameters ?? EMPTY_OBJECT,
    parameterSchema: wish.parameterSchema ?? EMPTY_OBJECT,
    enforceParameterSchema: wish.enforceParameterSchema ?? true,
    jobVariables: wish.jobVariables ?? EMPTY_OBJECT,
    tags: wish.tags ?? [],
    labels: wish.labels ?? EMPTY_OBJECT,
    queueId: await queueFor(context, wish.poolName, wish.queueName),
    path: wish.path ?? null,
    entrypoint: wish.entrypoint ?? null,
    pullSteps: wish.pullSteps ?? null,
    storageDocumentId: wish.storageDocumentId ?? null,
    infrastructureDocumentId: wish.infrastructureDocumentId ?? null,
    generation: 1,
    createdAt: at,
    updatedAt: at,
  };
  assertSize(deployment);
  if (deployment.enforceParameterSchema) {
    assertParameters(deployment.parameterSchema, deployment.parameters, { partial: true });
  }
  const { id, created } = await context.store.createDeployment(deployment);
  if (created) return { deployment, created };
  const [before] = await context.store.readDeployments([id]);
  if (!before) throw deploymentNotFound();
  const { generation, createdAt } = before;
  const overwritten = { ...deployment, id, createdAt, generation: generation + 1 };
  await context.store.overwriteDeployment(overwritten);
  return { deployment: overwritten, created };
}

async function queueFor(
  context: Context,
  poolName: string | null | undefined,
  queueName: string | null | undefined,
): Promise<string | null> {
  if (!poolName) {
    if (!queueName) return null;
    throw new DibsError('not_supported', 'A work queue without a work pool is not supported.', {
      hint: 'Name the work pool, too.',
    });
  }
  const pool = await context.store.readPool(poolName, 'fresh');
  if (!pool) throw poolNotFound(poolName);
  if (!queueName) return pool.defaultQueueId;
  return (await findOrCreateQueue(context, pool, queueName)).id;
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
