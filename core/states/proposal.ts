import type { Payload, RunState } from '../../model/runs/run.ts';
import type { Owner } from '../../model/runs/run-store.ts';
import { defaultName, isCompleted, isScheduled, type StateType } from '../../model/runs/state.ts';
import { cutText } from '../../model/values/cut-text.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { assertPayloadSize } from '../sizes.ts';
import { messageWithName } from './long-message.ts';

/** A state that a caller proposes for a run. Its large parts are already stored. */
export interface Proposal {
  readonly type: StateType;
  readonly name: string;
  readonly message?: Payload;
  readonly data?: Payload;
  /**
   * Whether `data` is a persisted result, not just a marker for an unpersisted one (Prefect's rule
   * 3).
   */
  readonly persists: boolean;
  readonly scheduledAt?: Instant;
  /**
   * The id of the resulting state. It is the caller's transition_id if there is one, so that a
   * proposal that the caller sends again is recognized. Otherwise the server generates it, so that
   * a write that the SDK sends again is recognized.
   */
  readonly stateId: string;
  readonly hasTransitionId: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly force: boolean;
}

/** A state as the caller sends it. */
export interface StateWish {
  readonly type: StateType;
  readonly name?: string;
  readonly message?: string;
  readonly data?: JsonText;
  readonly scheduledAt?: Instant;
  readonly transitionId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Stores the large parts of a state beside the run, before anything refers to them. */
export async function toProposal(
  { store, newId }: Pick<Context, 'store' | 'newId'>,
  owner: Owner,
  wish: StateWish,
  force: boolean,
): Promise<Proposal> {
  const { type, data, name: givenName, transitionId, message: given, ...rest } = wish;
  const name = cutText(givenName || defaultName(type), NUMBERS.stateName);
  const isCut = givenName !== undefined && givenName.length > NUMBERS.stateName;
  const message = isCut ? messageWithName(givenName, given) : given;
  if (data) assertPayloadSize('data of a state', data, NUMBERS.dataBytes);
  return {
    ...rest,
    stateId: transitionId ?? newId(),
    hasTransitionId: transitionId !== undefined,
    type,
    name,
    force,
    persists: isCompleted(type) && data !== undefined && isKept(data),
    ...(message === undefined ? {} : { message: await store.savePayload(owner, message) }),
    ...(data === undefined ? {} : { data: await store.savePayload(owner, data) }),
  };
}

/** Prefect's rule: an object whose type is not `unpersisted` stands for a persisted result. */
function isKept(data: JsonText): boolean {
  const value = data.parse() as { type?: unknown } | null;
  return value !== null && typeof value === 'object' && value.type !== 'unpersisted';
}

/** The state that is written if the proposal is accepted. */
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
