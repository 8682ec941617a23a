import type { Deployment, Flow } from '../../model/deployments.ts';
import type { WorkPool } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import { DibsError, queueWithoutPool } from '../../model/values/errors.ts';
import { EMPTY_OBJECT, type JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { assertBlocksExist } from '../blocks/block-documents.ts';
import type { Context } from '../context.ts';
import { ensureLane, hasLane } from '../limits/lanes.ts';
import { hydrate } from '../parameters/hydrate.ts';
import { assertJobVariables } from '../parameters/job-variables.ts';
import { assertParameters, overlay } from '../parameters/parameters.ts';
import { poolOf } from '../pools/pool-of.ts';
import { readPool } from '../pools/pools.ts';
import { findOrCreateQueue, readQueue } from '../pools/queues.ts';
import { newRun } from './begin-run.ts';
import type { Placed, RunWish } from './compose-run.ts';

/**
 * Creates a run of a deployment. Its parameters override the deployment's. It waits in the
 * deployment's queue, or in a named queue of the same pool.
 * @throws DibsError parameters_invalid, parameter_template_invalid, job_variables_invalid, payload_too_large,
 *   block_missing, deployment_has_no_pool
 */
export async function createRunOfDeployment(
  context: Context,
  deployment: Deployment,
  wish: RunWish & { readonly enforceSchema?: boolean | null },
): Promise<{ run: Run; created: boolean }> {
  const given = overlay(deployment.parameters, wish.parameters ?? EMPTY_OBJECT);
  const parameters = await hydrate(context, given);
  if (wish.enforceSchema ?? deployment.enforceParameterSchema) {
    assertParameters(deployment.parameterSchema, parameters);
  }
  const pool = await poolOf(context, deployment);
  const jobVariables = overlay(deployment.jobVariables, wish.jobVariables ?? EMPTY_OBJECT);
  if (pool) {
    assertJobVariables(pool.baseJobTemplate, jobVariables, { doing: 'creating flow run' });
  }
  await assertBlocksExist(context, wish);
  const tags = [...new Set([...deployment.tags, ...(wish.tags ?? [])])];
  return newRun(context, await placeRun(context, deployment, pool, { ...wish, parameters, tags }));
}

/**
 * The fields that a run takes from its deployment. If it needs a lane, the lane is registered
 * first.
 */
export async function placeRun(
  context: Context,
  deployment: Deployment,
  pool: WorkPool | undefined,
  wish: RunWish,
): Promise<Placed> {
  const queueId = await queueOf(context, deployment, pool, wish.queueName);
  await ensureLane(context, deployment, queueId);
  return {
    ...wish,
    labels: labelsOver(deployment.labels, wish.labels),
    infrastructureDocumentId: wish.infrastructureDocumentId ?? deployment.infrastructureDocumentId,
    flowId: deployment.flowId,
    deploymentId: deployment.id,
    deploymentGeneration: deployment.generation,
    ...(deployment.version ? { deploymentVersion: deployment.version } : {}),
    ...(queueId ? { queueId } : {}),
    inLane: queueId !== null && hasLane(deployment),
  };
}

/** The labels of the deployment or flow, overridden by the run's own. null, if there are none. */
function labelsOver(base: JsonText, own: JsonText | null | undefined): JsonText | null {
  const labels = overlay(base, own ?? EMPTY_OBJECT);
  return labels.text === EMPTY_OBJECT.text ? null : labels;
}

async function queueOf(
  context: Context,
  deployment: Deployment,
  pool: WorkPool | undefined,
  queueName: string | null | undefined,
): Promise<string | null> {
  // There is no pool if the deployment's queue was deleted.
  if (!queueName) return pool ? deployment.queueId : null;
  if (pool) return (await findOrCreateQueue(context, pool, queueName)).id;
  throw new DibsError(
    'deployment_has_no_pool',
    `Cannot use work queue ${queueName}: the deployment has no work pool.`,
    { hint: 'Deploy it to a work pool first, or omit work_queue_name.' },
  );
}

/**
 * Creates a run of a flow. It waits in a pool's queue if a pool is named; otherwise it is run by
 * hand (its creator executes it). If a deployment is given, the run counts as one of its runs, but
 * takes only labels from it.
 * @throws DibsError task_run_missing, work_pool_not_found, work_queue_not_found, block_missing,
 *   payload_too_large
 */
export async function createRunOfFlow(
  context: Context,
  flow: Flow,
  {
    deployment,
    ...given
  }: RunWish & {
    readonly poolName?: string | null;
    readonly deployment?: Deployment;
  },
): Promise<{ run: Run; created: boolean }> {
  const { id: flowId } = flow;
  await assertBlocksExist(context, given);
  const wish = {
    ...given,
    flowId,
    labels: labelsOver((deployment ?? flow).labels, given.labels),
    state: given.state ?? { type: 'PENDING' },
    ...(deployment
      ? { deploymentId: deployment.id, deploymentGeneration: deployment.generation }
      : {}),
  } as const;
  if (!wish.poolName) {
    if (wish.queueName) throw queueWithoutPool();
    return newRun(context, wish);
  }
  const pool = await readPool(context, wish.poolName);
  const queueId = wish.queueName
    ? (await readQueue(context, pool.name, wish.queueName)).id
    : pool.defaultQueueId;
  if (deployment) await ensureLane(context, deployment, queueId);
  const inLane = deployment !== undefined && hasLane(deployment);
  return newRun(context, { ...wish, queueId, inLane });
}

type Wish = Parameters<typeof createRunOfDeployment>[2];

/**
 * Creates many runs of one deployment independently: if one is refused, the others are still
 * created.
 */
export async function createRuns(
  context: Context,
  deployment: Deployment,
  wishes: readonly Wish[],
): Promise<Array<{ readonly runId: string } | { readonly error: string }>> {
  if (wishes.length > NUMBERS.createdAtOnce) {
    throw new DibsError(
      'too_many_runs',
      `Cannot create more than ${NUMBERS.createdAtOnce} flow runs at once.`,
    );
  }
  return Promise.all(wishes.map((wish) => createOne(context, deployment, wish)));
}

async function createOne(context: Context, deployment: Deployment, wish: Wish) {
  try {
    const { run } = await createRunOfDeployment(context, deployment, wish);
    return { runId: run.id };
  } catch (error) {
    if (error instanceof DibsError) return { error: error.message };
    throw error;
  }
}
