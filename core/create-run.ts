import { v5 } from 'uuid';
import { sessionOf } from './claimants.ts';
import type { Context } from './context.ts';
import { DibsError, queueWithoutPool } from './errors.ts';
import { readFlow } from './flows.ts';
import { EMPTY_OBJECT, type JsonText } from './json-text.ts';
import { assertJobVariables, assertParameters, assertPayloadSize, overlay } from './parameters.ts';
import { readPool } from './pools.ts';
import { proposedState, type StateWish, toProposal } from './proposal.ts';
import { findOrCreateQueue, readQueue } from './queues.ts';
import type { Deployment, WorkPool } from './records.ts';
import type { Claim, NewRun, Run } from './run.ts';
import { isCancelling, isFinal, isHeld, isPaused, isRunning } from './state.ts';

/** What a creator may say of a run, of a deployment or by itself. */
export interface RunWish {
  readonly name?: string | null;
  readonly parameters?: JsonText | null;
  readonly context?: JsonText | null;
  readonly jobVariables?: JsonText | null;
  readonly labels?: JsonText | null;
  readonly tags?: readonly string[] | null;
  readonly idempotencyKey?: string | null;
  readonly parentTaskRunId?: string | null;
  readonly flowVersion?: string | null;
  readonly retries?: number | null;
  readonly retryDelay?: number | readonly number[] | null;
  readonly queueName?: string | null;
  /** Absent: SCHEDULED for now, of a deployment; else PENDING, held by its creator. */
  readonly state?: StateWish;
  /** X-Prefect-Worker-Name of its creator: who holds a run that begins PENDING. */
  readonly workerName?: string | undefined;
}

/** A run's id follows from its idempotency key, so that a second create meets the first one. */
const runId = ({ newId }: Context, flowId: string, key: string | null | undefined): string =>
  key ? v5(key, flowId) : newId();

/**
 * A run of a deployment: its parameters over the deployment's, in the deployment's queue or a named
 * one of the same pool.
 * @throws DibsError parameters_invalid, job_variables_invalid, payload_too_large,
 *   deployment_has_no_pool
 */
export async function createRunOfDeployment(
  context: Context,
  deployment: Deployment,
  wish: RunWish & { readonly enforceSchema?: boolean | null },
): Promise<{ run: Run; created: boolean }> {
  const parameters = overlay(deployment.parameters, wish.parameters ?? EMPTY_OBJECT);
  if (wish.enforceSchema ?? deployment.enforceParameterSchema) {
    assertParameters(deployment.parameterSchema, parameters);
  }
  const pool = await poolOf(context, deployment);
  const jobVariables = overlay(deployment.jobVariables, wish.jobVariables ?? EMPTY_OBJECT);
  if (pool) assertJobVariables(pool.baseJobTemplate, jobVariables);
  const queueId = await queueOf(context, deployment, pool, wish.queueName);
  const tags = [...new Set([...deployment.tags, ...(wish.tags ?? [])])];
  return create(context, {
    ...wish,
    parameters,
    tags,
    flowId: deployment.flowId,
    deploymentId: deployment.id,
    deploymentGeneration: deployment.generation,
    ...(deployment.version ? { deploymentVersion: deployment.version } : {}),
    ...(queueId ? { queueId } : {}),
  });
}

async function poolOf({ store }: Context, { queueId }: Deployment): Promise<WorkPool | undefined> {
  const place = queueId ? await store.readQueuePlace(queueId) : undefined;
  return place && store.readPool(place.poolName, 'cached');
}

async function queueOf(
  context: Context,
  deployment: Deployment,
  pool: WorkPool | undefined,
  queueName: string | null | undefined,
): Promise<string | null> {
  if (!queueName) return deployment.queueId;
  if (pool) return (await findOrCreateQueue(context, pool, queueName)).id;
  throw new DibsError(
    'deployment_has_no_pool',
    `Cannot use work queue ${queueName}: the deployment has no work pool.`,
    { hint: 'Deploy it to a work pool first, or leave work_queue_name out.' },
  );
}

/**
 * A run of a flow: in a pool's queue if one is named, else by hand (its creator runs it).
 * @throws DibsError flow_not_found, work_pool_not_found, work_queue_not_found, payload_too_large
 */
export async function createRunOfFlow(
  context: Context,
  flowId: string,
  wish: RunWish & { readonly poolName?: string | null },
): Promise<{ run: Run; created: boolean }> {
  await readFlow(context, flowId);
  if (!wish.poolName) {
    if (wish.queueName) throw queueWithoutPool();
    return create(context, { ...wish, flowId });
  }
  const pool = await readPool(context, wish.poolName);
  const queueId = wish.queueName
    ? (await readQueue(context, pool.name, wish.queueName)).id
    : pool.defaultQueueId;
  return create(context, { ...wish, flowId, queueId });
}

type Placed = RunWish &
  Pick<NewRun, 'flowId'> &
  Partial<Pick<NewRun, 'deploymentId' | 'deploymentGeneration' | 'deploymentVersion' | 'queueId'>>;

async function create(context: Context, wish: Placed): Promise<{ run: Run; created: boolean }> {
  const parameters = wish.parameters ?? EMPTY_OBJECT;
  assertPayloadSize('parameters', parameters);
  assertPayloadSize('context', wish.context ?? EMPTY_OBJECT);
  assertPayloadSize('job variables', wish.jobVariables ?? EMPTY_OBJECT);
  const id = runId(context, wish.flowId, wish.idempotencyKey);
  const at = context.now();
  const save = (text: JsonText | null | undefined) =>
    text && text.text !== '{}' ? context.store.savePayload(id, text) : undefined;
  const first: StateWish = wish.state ?? { type: wish.deploymentId ? 'SCHEDULED' : 'PENDING' };
  if (isCancelling(first.type) || isPaused(first.type)) {
    throw new DibsError('invalid_request', `A run cannot begin as ${first.type}.`, {
      hint: 'Begin it as SCHEDULED, PENDING, RUNNING or in a final state.',
    });
  }
  const state = proposedState(await toProposal(context, id, first, false), at);
  // A run created in PENDING or RUNNING is held from the start, by whoever runs it by hand.
  const held = isHeld(state.type);
  const claim: Claim = {
    sessionId: sessionOf(await poolIdOf(context, wish.queueId), wish.workerName),
    secret: context.newSecret(),
    claimId: context.newId(),
  };
  const scheduledAt = state.scheduledAt;
  const jobVariables = await save(wish.jobVariables);
  const extra = await save(wish.context);
  const run: NewRun = {
    id,
    flowId: wish.flowId,
    tags: wish.tags ?? [],
    parameters: await context.store.savePayload(id, parameters),
    createdAt: at,
    expectedAt: scheduledAt ?? at,
    attempt: held ? 1 : 0,
    state: held ? { ...state, claimedBy: claim.sessionId } : state,
    ...(held ? { claim } : {}),
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    runCount: isRunning(state.type) ? 1 : 0,
    ...(isRunning(state.type) || isFinal(state.type) ? { startedAt: at } : {}),
    ...(jobVariables ? { jobVariables } : {}),
    ...(extra ? { context: extra } : {}),
    ...pick(wish, ['deploymentId', 'deploymentGeneration', 'deploymentVersion', 'queueId']),
    ...pick(wish, ['name', 'labels']),
    ...pick(wish, ['idempotencyKey', 'parentTaskRunId', 'flowVersion', 'retries', 'retryDelay']),
  };
  return context.store.createRun(run);
}

async function poolIdOf({ store }: Context, queueId: string | undefined) {
  return queueId ? (await store.readQueuePlace(queueId))?.poolId : undefined;
}

/** The given fields that have a value. */
function pick<From extends object, Key extends keyof From>(from: From, keys: readonly Key[]) {
  const entries = keys.filter((key) => from[key] != null).map((key) => [key, from[key]]);
  return Object.fromEntries(entries) as { [K in Key]?: NonNullable<From[K]> };
}
