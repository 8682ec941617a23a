import { v5 } from 'uuid';
import { limitedScopes } from './admit.ts';
import { liveWorker, NOBODY, rawSession, rawSessionOf } from './claimants.ts';
import type { Context } from './context.ts';
import { DibsError, taskRunMissing } from './errors.ts';
import type { Instant } from './instant.ts';
import { EMPTY_OBJECT, type JsonText } from './json-text.ts';
import { LIMITS } from './limits.ts';
import { assertPayloadSize } from './parameters.ts';
import { proposedState, type StateWish, toProposal } from './proposal.ts';
import type { Claim, NewRun, Run } from './run.ts';
import { setState } from './set-state.ts';
import { isCancelling, isFinal, isHeld, isPaused, isRunning } from './state.ts';
import { toldName } from './worker-name.ts';

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
  readonly infrastructureDocumentId?: string | null;
  /** Absent: SCHEDULED for now, of a deployment; else PENDING, held by its creator. */
  readonly state?: StateWish;
  /** X-Prefect-Worker-Name of its creator: who holds a run that begins PENDING. */
  readonly workerName?: string | undefined;
}

/** A run's id follows from its idempotency key, so that a second create meets the first one. */
export const idOfKey = (flowId: string, key: string): string => v5(key, flowId);

/** A wish whose flow, deployment and queue are known. */
export type Placed = RunWish &
  Pick<NewRun, 'flowId'> &
  Partial<
    Pick<
      NewRun,
      'deploymentId' | 'deploymentGeneration' | 'deploymentVersion' | 'queueId' | 'inLane'
    >
  >;

/**
 * A run that begins PENDING or RUNNING is claimed by its creator. Where limits apply it waits like any
 * other first, and is then claimed like any other.
 */
export async function newRun(
  context: Context,
  wish: Placed,
): Promise<{ run: Run; created: boolean }> {
  const first: StateWish = wish.state ?? { type: wish.deploymentId ? 'SCHEDULED' : 'PENDING' };
  if (isCancelling(first.type) || isPaused(first.type)) {
    throw new DibsError('invalid_request', `A run cannot begin as ${first.type}.`, {
      hint: 'Begin it as SCHEDULED, PENDING, RUNNING or in a final state.',
    });
  }
  await assertParent(context, wish);
  const poolId = wish.queueId
    ? (await context.store.readQueuePlace(wish.queueId))?.poolId
    : undefined;
  // First the claimant's session, then the limits: settle.ts counts on it.
  const claimant = isHeld(first.type) ? await claimantOf(context, wish, poolId) : undefined;
  const until = context.now() + LIMITS.limitsViewedWithin - LIMITS.recordsCached;
  const limits = claimant ? await limitedScopes(context, wish, poolId) : [];
  if (limits.length === 0)
    return createAs(context, wish, first, claimant ? { claimant, until } : undefined);

  const made = await createAs(context, wish, { type: 'SCHEDULED' }, undefined);
  if (!made.created) return made;
  const identity = { ...NOBODY, workerName: wish.workerName };
  await setState(context, { runId: made.run.id, state: first, force: false, identity });
  return { run: (await context.store.readRun(made.run.id)) ?? made.run, created: true };
}

/** @throws DibsError task_run_missing */
async function assertParent({ store }: Context, { parentTaskRunId: id }: Placed): Promise<void> {
  if (id && (await store.readTaskRuns([id])).length === 0) throw taskRunMissing();
}

interface Held {
  readonly claimant: string;
  readonly until: Instant;
}

async function createAs(
  context: Context,
  wish: Placed,
  first: StateWish,
  held: Held | undefined,
): Promise<{ run: Run; created: boolean }> {
  const run = await composeRun(context, wish, first, held);
  // What was found to have no limit may have one some seconds later.
  return context.store.createRun(run, held && held.until + LIMITS.claimWriteLasts - context.now());
}

/**
 * A run as it is to be created. Large payloads of it are stored by then: alone they point at nothing.
 * @throws DibsError payload_too_large
 */
export async function composeRun(
  context: Context,
  wish: Placed,
  first: StateWish,
  held?: Held,
): Promise<NewRun> {
  const parameters = wish.parameters ?? EMPTY_OBJECT;
  assertPayloadSize('parameters', parameters);
  assertPayloadSize('context', wish.context ?? EMPTY_OBJECT);
  assertPayloadSize('job variables', wish.jobVariables ?? EMPTY_OBJECT);
  const { idempotencyKey } = wish;
  const id = idempotencyKey ? idOfKey(wish.flowId, idempotencyKey) : context.newId();
  const at = context.now();
  const save = (text: JsonText | null | undefined) =>
    text && text.text !== '{}' ? context.store.savePayload({ runId: id }, text) : undefined;
  const state = proposedState(await toProposal(context, { runId: id }, first, false), at);
  const claiming = held && claimOf(context, wish, held.claimant);
  const scheduledAt = state.scheduledAt;
  const jobVariables = await save(wish.jobVariables);
  const extra = await save(wish.context);
  return {
    id,
    flowId: wish.flowId,
    tags: wish.tags ?? [],
    parameters: await context.store.savePayload({ runId: id }, parameters),
    createdAt: at,
    expectedAt: scheduledAt ?? at,
    attempt: claiming ? 1 : 0,
    inLane: wish.inLane ?? false,
    state: { ...state, ...claiming?.told },
    ...(claiming ? { claim: claiming.claim } : {}),
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    runCount: isRunning(state.type) ? 1 : 0,
    ...(isRunning(state.type) || isFinal(state.type) ? { startedAt: at } : {}),
    ...(jobVariables ? { jobVariables } : {}),
    ...(extra ? { context: extra } : {}),
    ...pick(wish, ['deploymentId', 'deploymentGeneration', 'deploymentVersion', 'queueId']),
    ...pick(wish, ['name', 'labels', 'infrastructureDocumentId']),
    ...pick(wish, ['idempotencyKey', 'parentTaskRunId', 'flowVersion', 'retries', 'retryDelay']),
  };
}

/** The session of a creator that runs it by hand, from the start. */
async function claimantOf(
  context: Context,
  { workerName }: Placed,
  poolId: string | undefined,
): Promise<string> {
  if (!poolId) return rawSessionOf(poolId, workerName);
  const { store } = context;
  const live = workerName ? await liveWorker(store, poolId, workerName) : undefined;
  const session = live ?? rawSession(poolId, workerName, context.now());
  if (!live) await store.noteSession(session);
  return session.id;
}

function claimOf(context: Context, { workerName }: Placed, sessionId: string) {
  const claim: Claim = {
    sessionId,
    secret: context.newSecret(),
    claimId: context.newId(),
  };
  const named = workerName ? { worker: toldName(workerName), byName: true } : {};
  return { claim, told: { claimedBy: sessionId, ...named } };
}

/** The given fields that have a value. */
function pick<From extends object, Key extends keyof From>(from: From, keys: readonly Key[]) {
  const entries = keys.filter((key) => from[key] != null).map((key) => [key, from[key]]);
  return Object.fromEntries(entries) as { [K in Key]?: NonNullable<From[K]> };
}
