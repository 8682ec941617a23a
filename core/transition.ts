import type { Instant } from './instant.ts';
import { LIMITS } from './limits.ts';
import { type Claim, currentState, type Run, type RunState } from './run.ts';
import {
  isCancelling,
  isFailure,
  isFinal,
  isPaused,
  isRunning,
  isScheduled,
  type StateType,
} from './state.ts';

/**
 * A change of a run's state, ready to be written: what the new state is, what becomes of the claim,
 * and where the run is listed from now on. It follows from the rules; the store only spells it out.
 */
export interface Transition {
  readonly runId: string;
  readonly state: RunState;
  readonly claim: { kind: 'keep' } | { kind: 'end' } | { kind: 'begin'; claim: Claim };
  readonly counts: { run: boolean };
  /** Where the dispatch index lists it; 'same': where it is. */
  readonly place: Place | 'same';
  readonly scheduledAt: Instant | 'same';
  readonly expiresAt: Instant | 'same' | 'never';
  /** Older states to be moved out of the item, and the ones that stay. */
  readonly moved?: { out: readonly RunState[]; stay: readonly RunState[]; ranBefore: number };
}

/** Where a run is in its life: see the dispatch index in store/keys.ts. */
export type Place =
  | { readonly kind: 'ready'; readonly queueId: string; readonly at: Instant }
  | { readonly kind: 'claimed'; readonly sessionId: string; readonly at: Instant }
  | { readonly kind: 'cancelling'; readonly sessionId: string; readonly at: Instant }
  | { readonly kind: 'adhoc'; readonly at: Instant }
  | { readonly kind: 'failed'; readonly at: Instant }
  | { readonly kind: 'nowhere' };

/** The listing of a run in state `type` that nobody holds. */
export function unclaimedPlace(type: StateType, queueId: string | undefined, at: Instant): Place {
  if (isFailure(type)) return { kind: 'failed', at };
  if (isFinal(type)) return { kind: 'nowhere' };
  if (!isScheduled(type)) return { kind: 'nowhere' };
  return queueId ? { kind: 'ready', queueId, at } : { kind: 'adhoc', at };
}

/** The transition of a token holder's blind write: the claim goes on, or ends in a final state. */
export function blindTransition(runId: string, state: RunState): Transition {
  const final = isFinal(state.type);
  return {
    runId,
    state,
    claim: { kind: final ? 'end' : 'keep' },
    counts: { run: isRunning(state.type) },
    place: final ? unclaimedPlace(state.type, undefined, state.at) : 'same',
    scheduledAt: 'same',
    expiresAt: final ? state.at + LIMITS.retention : 'same',
  };
}

/** The transition of a decision made on `run` as it was read. */
export function decidedTransition(
  run: Run,
  state: RunState,
  claim: Transition['claim'],
): Transition {
  const wasFinal = isFinal(run.stateType);
  const final = isFinal(state.type);
  const moved = movedStates(run);
  return {
    runId: run.id,
    state: claim.kind === 'begin' ? { ...state, claimedBy: claim.claim.sessionId } : state,
    claim,
    // Resuming from a pause is not another run of it.
    counts: { run: isRunning(state.type) && !isPaused(run.stateType) },
    place: placeAfter(run, state, claim),
    scheduledAt: state.scheduledAt ?? 'same',
    expiresAt: final ? state.at + LIMITS.retention : wasFinal ? 'never' : 'same',
    ...(moved ? { moved } : {}),
  };
}

function placeAfter(run: Run, state: RunState, claim: Transition['claim']): Place | 'same' {
  const { at, type } = state;
  if (!run.queueId && !isFinal(type))
    return isFinal(run.stateType) ? { kind: 'adhoc', at } : 'same';
  if (claim.kind === 'begin') {
    return { kind: 'claimed', sessionId: claim.claim.sessionId, at };
  }
  if (claim.kind === 'keep' && run.claim) {
    const { sessionId } = run.claim;
    return isCancelling(type) ? { kind: 'cancelling', sessionId, at } : 'same';
  }
  return unclaimedPlace(type, run.queueId, state.scheduledAt ?? at);
}

/** The older half of a long history, so that the item stays small. */
function movedStates(run: Run): Transition['moved'] {
  if (run.states.length < LIMITS.statesOnItem) return undefined;
  const cut = Math.floor(run.states.length / 2);
  const out = run.states.slice(0, cut);
  const stay = run.states.slice(cut);
  const ranBefore = run.ranBefore + timeRunning([...out, ...stay.slice(0, 1)], 0);
  return { out, stay, ranBefore };
}

/** Microseconds spent RUNNING over these states; the last one lasts until `now` (0: not counted). */
export function timeRunning(states: readonly RunState[], now: Instant): number {
  return states.reduce((sum, state, i) => {
    if (!isRunning(state.type)) return sum;
    const until = states[i + 1]?.at ?? now;
    return sum + Math.max(0, until - state.at);
  }, 0);
}

/** When the run ended: the time of its final state. */
export function endedAt(run: Run): Instant | undefined {
  return isFinal(run.stateType) ? currentState(run).at : undefined;
}
