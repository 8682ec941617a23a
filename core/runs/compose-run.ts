import { v5 } from 'uuid';
import type { Claim, NewRun } from '../../model/runs/run.ts';
import { isFinal, isRunning } from '../../model/runs/state.ts';
import { toldWorker } from '../../model/runs/worker-name.ts';
import { cutText } from '../../model/values/cut-text.ts';
import type { Instant, Seconds } from '../../model/values/instant.ts';
import { EMPTY_OBJECT, type JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { assertPayloadSize } from '../sizes.ts';
import { proposedState, type StateWish, toProposal } from '../states/proposal.ts';

/** The fields that a caller may give when it creates a run, with or without a deployment. */
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
  readonly retryDelay?: Seconds | readonly Seconds[] | null;
  readonly queueName?: string | null;
  readonly infrastructureDocumentId?: string | null;
  /** Absent: SCHEDULED for now if the run has a deployment; else PENDING, held by its creator. */
  readonly state?: StateWish;
  /** The creator's X-Prefect-Worker-Name: the holder of a run that begins as PENDING or RUNNING. */
  readonly workerName?: string | undefined;
}

/**
 * The id of a run follows from its idempotency key, so that a second create finds the first run.
 */
export const idOfKey = (flowId: string, key: string): string => v5(key, flowId);

/** The fields of a new run, once its flow, deployment and queue are known. */
export type Placed = RunWish &
  Pick<NewRun, 'flowId'> &
  Partial<
    Pick<
      NewRun,
      'deploymentId' | 'deploymentGeneration' | 'deploymentVersion' | 'queueId' | 'inLane'
    >
  >;

export interface Held {
  readonly claimant: string;
  readonly until: Instant;
}

/**
 * Composes the record of a new run. Its large payloads are stored first: without the run nothing
 * refers to them.
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
    // The id follows from the whole key.
    ...(idempotencyKey ? { idempotencyKey: cutText(idempotencyKey, NUMBERS.shortText) } : {}),
    ...pick(wish, ['parentTaskRunId', 'flowVersion', 'retries', 'retryDelay']),
  };
}

function claimOf(context: Context, { workerName }: Placed, sessionId: string) {
  const claim: Claim = {
    sessionId,
    secret: context.newSecret(),
    claimId: context.newId(),
  };
  const named = workerName ? { ...toldWorker(workerName), byName: true } : {};
  return { claim, told: { claimedBy: sessionId, ...named } };
}

/** The given fields that have a value. */
function pick<From extends object, Key extends keyof From>(from: From, keys: readonly Key[]) {
  const entries = keys.filter((key) => from[key] != null).map((key) => [key, from[key]]);
  return Object.fromEntries(entries) as { [K in Key]?: NonNullable<From[K]> };
}
