import type { Deployment, Flow } from '../../model/deployments.ts';
import { DibsError } from '../../model/values/errors.ts';
import { EMPTY_OBJECT, JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { assertBlocksExist } from '../blocks/block-documents.ts';
import type { Context } from '../context.ts';
import { ensureLane } from '../limits/lanes.ts';
import { firstLimit } from '../limits/set-limit.ts';
import { assertFirstDefaults, assertPatterns, overlay } from '../parameters/parameters.ts';
import { reschedule, visitAfter } from '../schedules/reschedule.ts';
import { assertSchedules, newSchedule } from '../schedules/schedule-wishes.ts';
import { type ChangedDeployment, changeDeployment } from './change-deployment.ts';
import { type DeploymentWish, withWish } from './deployments.ts';
import { flowOf } from './flows.ts';
import { assertFits, placeDeployment } from './place-deployment.ts';

export type NewDeployment = DeploymentWish & Pick<Deployment, 'flowId' | 'name'>;

/**
 * Creates a deployment, or changes the existing one with this flow and name. Given fields are
 * overwritten and the others stay, except that parameters, labels and schedules are always
 * replaced, as in Prefect.
 * @throws DibsError flow_missing, work_pool_not_found, invalid_request, job_variables_invalid,
 *   block_missing, schedule_slug_taken, payload_too_large, too_busy
 */
export async function createDeployment(
  context: Context,
  { flowId, name, ...wish }: NewDeployment,
): Promise<ChangedDeployment & { readonly created: boolean }> {
  const { store } = context;
  const flow = await flowOf(context, flowId);
  const parameters = wish.parameters ?? EMPTY_OBJECT;
  if (wish.enforceParameterSchema) {
    // Prefect validates only if the request asks for it, and against the schema in the request.
    assertFirstDefaults(wish.parameterSchema ?? EMPTY_OBJECT, parameters);
  }
  // Runs are checked unless the request forbids it: say now what could not be checked then.
  if (wish.parameterSchema && wish.enforceParameterSchema !== false) {
    assertPatterns(wish.parameterSchema);
  }
  await assertBlocksExist(context, wish, 'Error creating deployment. ');
  // A pool of null counts as not given: only a PATCH removes a deployment from its pool.
  const { poolName, queueName } = wish;
  const where = { ...(poolName ? { poolName } : {}), ...(queueName ? { queueName } : {}) };
  const place = await placeDeployment(context, where);
  assertFits(place?.pool, wish);
  const schedules = () =>
    assertSchedules((wish.schedules ?? []).map((one) => newSchedule(context, one)));
  const labels = overlay(flow.labels, wish.labels ?? EMPTY_OBJECT);
  const wished = (to: Deployment) => ({
    ...withWish({ ...to, schedules: schedules() }, { ...wish, parameters, labels }),
    ...(place ? { queueId: place.queueId } : {}),
  });
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const known = await store.readDeploymentId(flowId, name);
    const done = known
      ? await changeIfThere(context, known, wished)
      : await createIfFree(context, wished(newDeployment(context, flow, name)));
    if (done) return { ...done, created: known === undefined };
  }
  throw new DibsError('too_busy', 'This deployment kept being created and deleted by others.');
}

async function changeIfThere(
  context: Context,
  id: string,
  wished: (current: Deployment) => Deployment,
): Promise<ChangedDeployment | undefined> {
  try {
    return await changeDeployment(context, id, wished);
  } catch (error) {
    // It was deleted in the meantime, so its name is free, and a new one is created.
    if (error instanceof DibsError && error.code === 'deployment_not_found') return undefined;
    throw error;
  }
}

async function createIfFree(
  context: Context,
  deployment: Deployment,
): Promise<ChangedDeployment | undefined> {
  const { id, concurrencyLimit, collisionStrategy, queueId } = deployment;
  await ensureLane(context, deployment, queueId);
  const scope = { kind: 'deployment', id } as const;
  const limit = firstLimit(scope, concurrencyLimit, collisionStrategy ?? undefined);
  const visit = visitAfter(deployment);
  const { created } = await context.store.createDeployment(deployment, { limit, visit });
  if (!created) return undefined;
  if (visit) await reschedule(context, deployment, deployment.createdAt);
  return { deployment };
}

function newDeployment({ newId, now }: Context, flow: Flow, name: string): Deployment {
  const at = now();
  return {
    id: newId(),
    flowId: flow.id,
    name,
    version: null,
    description: null,
    paused: false,
    parameters: EMPTY_OBJECT,
    parameterSchema: EMPTY_OBJECT,
    enforceParameterSchema: true,
    jobVariables: EMPTY_OBJECT,
    tags: [],
    labels: EMPTY_OBJECT,
    queueId: null,
    concurrencyLimit: null,
    collisionStrategy: null,
    graceSeconds: null,
    path: null,
    entrypoint: null,
    pullSteps: NO_STEPS,
    storageDocumentId: null,
    infrastructureDocumentId: null,
    schedules: [],
    generation: 1,
    createdAt: at,
    updatedAt: at,
  };
}

const NO_STEPS = JsonText.of([]);
