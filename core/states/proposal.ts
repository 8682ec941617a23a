import type { Payload, RunState } from '../../model/runs/run.ts';
import type { Owner } from '../../model/runs/run-store.ts';
import { defaultName, isCompleted, isScheduled, type StateType } from '../../model/runs/state.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { assertPayloadSize } from '../sizes.ts';

/** A state that somebody proposes for a run, its large parts already stored. */
export interface Proposal {
  readonly type: StateType;
  readonly name: string;
  readonly message?: Payload;
  readonly data?: Payload;
  /** Whether `data` is more than a marker that nothing was kept (Prefect's rule 3). */
  readonly persists: boolean;
  readonly scheduledAt?: Instant;
  /**
   * The id of the state it becomes: the caller's transition_id, so that the proposal sent again is
   * known again, or one of ours, so that our own write sent again by the SDK is.
   */
  readonly stateId: string;
  readonly hasTransitionId: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly force: boolean;
}

/** A state as its proposer sends it. */
export interface StateWish {
  readonly type: StateType;
  readonly name?: string;
  readonly message?: string;
  readonly data?: JsonText;
  readonly scheduledAt?: Instant;
  readonly transitionId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Stores what is large beside the run, before anything points at it. */
export async function toProposal(
  { store, newId }: Pick<Context, 'store' | 'newId'>,
  owner: Owner,
  wish: StateWish,
  force: boolean,
): Promise<Proposal> {
  const { type, message, data, name, transitionId, ...rest } = wish;
  if (data) assertPayloadSize('data of a state', data, NUMBERS.dataBytes);
  return {
    ...rest,
    stateId: transitionId ?? newId(),
    hasTransitionId: transitionId !== undefined,
    type,
    name: name || defaultName(type),
    force,
    persists: isCompleted(type) && data !== undefined && isKept(data),
    ...(message === undefined ? {} : { message: await store.savePayload(owner, message) }),
    ...(data === undefined ? {} : { data: await store.savePayload(owner, data) }),
  };
}

/** Prefect's rule: an object whose type is not `unpersisted` stands for a result that is kept. */
function isKept(data: JsonText): boolean {
  const value = data.parse() as { type?: unknown } | null;
  return value !== null && typeof value === 'object' && value.type !== 'unpersisted';
}

/** The state a proposal becomes when it is accepted. */
export function proposedState(proposal: Proposal, now: Instant): RunState {
  return {
    id: proposal.stateId,
    type: proposal.type,
    name: proposal.name,
    at: now,
    ...(proposal.message ? { message: proposal.message } : {}),
    ...(proposal.data ? { data: proposal.data } : {}),
    ...(isScheduled(proposal.type) ? { scheduledAt: proposal.scheduledAt ?? now } : {}),
    ...(proposal.hasTransitionId ? { proposed: true } : {}),
    ...(proposal.persists ? { persists: true } : {}),
    ...(proposal.details ? { details: proposal.details } : {}),
  };
}
