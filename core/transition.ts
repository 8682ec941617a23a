import type { Context } from './context.ts';
import type { Instant } from './instant.ts';
import { LIMITS } from './limits.ts';
import { type PauseMemory, pausesAfter, suspends } from './pauses.ts';
import {
  type Claim,
  type Claimant,
  currentState,
  lastClaimant,
  type Run,
  type RunState,
} from './run.ts';
import type { HeldSlot, SlotChoice } from './slots.ts';
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
  /** Slots that go with the claim's end, and those that come with its beginning. */
  readonly frees: readonly HeldSlot[];
  readonly takes: readonly SlotChoice[];
  /** A run more, a loss more; losses anew, for somebody wants it tried again. */
  readonly counts: { run: boolean; loss?: boolean; anew?: boolean };
  /** What it remembers of its pauses from now on. */
  readonly pauses: PauseMemory | 'same';
  /** Where the dispatch index lists it; 'same': where it is. */
  readonly place: Place | 'same';
  readonly scheduledAt: Instant | 'same';
  readonly expiresAt: Instant | 'same' | 'never';
  /** Older states to be moved out of the item, and the ones that stay. */
  readonly moved?: {
    readonly out: readonly RunState[];
    readonly stay: readonly RunState[];
    /** How many had been moved before: the place of the first one in the whole history. */
    readonly first: number;
    readonly earlierIds: readonly string[];
    readonly lastClaimant: Claimant | undefined;
    readonly ranBefore: number;
  };
}

/** A final state, a give-back and a suspension end a claim; a retry in the process keeps it. */
export function endsClaim(state: RunState): boolean {
  if (isFinal(state.type)) return true;
  if (isScheduled(state.type)) return state.insteadOf === undefined;
  return isPaused(state.type) && suspends(state);
}

/** Where a run is in its life: see the dispatch index in store/keys.ts. */
export type Place =
  | {
      readonly kind: 'ready';
      readonly queueId: string;
      readonly at: Instant;
      /** In the lane of this deployment. */
      readonly lane: string | undefined;
    }
  | { readonly kind: 'claimed'; readonly sessionId: string; readonly at: Instant }
  | { readonly kind: 'cancelling'; readonly sessionId: string; readonly at: Instant }
  /** A run of a deployment without a pool: it waits for a process that serves the deployment. */
  | { readonly kind: 'served'; readonly deploymentId: string; readonly at: Instant }
  | { readonly kind: 'adhoc'; readonly at: Instant }
  | { readonly kind: 'failed'; readonly at: Instant }
  | { readonly kind: 'nowhere' };

/** In the place of a queue's id: where runs of deployments without a pool wait. */
export const SERVED_QUEUE = 'serve';

/** Where a run in state `type` is listed. `at`: when it is due, or when it got there. */
export function placeOf(
  type: StateType,
  at: Instant,
  run: Pick<Run, 'queueId' | 'deploymentId' | 'inLane'>,
  holder: string | undefined,
): Place {
  const { queueId, deploymentId, inLane } = run;
  if (isFailure(type)) return { kind: 'failed', at };
  if (isFinal(type)) return { kind: 'nowhere' };
  if (!queueId) {
    const waits = isScheduled(type) && holder === undefined;
    return waits && deploymentId ? { kind: 'served', deploymentId, at } : { kind: 'adhoc', at };
  }
  if (holder) return { kind: isCancelling(type) ? 'cancelling' : 'claimed', sessionId: holder, at };
  if (!isScheduled(type)) return { kind: 'nowhere' };
  return { kind: 'ready', queueId, at, lane: inLane ? deploymentId : undefined };
}

/** For the log: a transition that begins a claim. */
export function tellClaim(
  { tell }: Pick<Context, 'tell'>,
  { runId, claim, state }: Transition,
): void {
  if (claim.kind !== 'begin') return;
  tell({ runId, sessionId: claim.claim.sessionId, worker: state.worker });
}

/** When a run in state `type` is deleted: some time after its end. */
export const expiresAt = (type: StateType, at: Instant): Instant | undefined =>
  isFinal(type) ? at + LIMITS.retention : undefined;

/** The transition of a token holder's blind write: the claim goes on, or ends in a final state. */
export function blindTransition(runId: string, state: RunState): Transition {
  const final = isFinal(state.type);
  return {
    runId,
    state,
    claim: { kind: final ? 'end' : 'keep' },
    // What holds slots is not ended blindly: the guard says so.
    frees: [],
    takes: [],
    counts: { run: isRunning(state.type) },
    // What is resuming is not moved on blindly: the guard says so.
    pauses: 'same',
    place: final ? placeOf(state.type, state.at, { inLane: false }, undefined) : 'same',
    scheduledAt: 'same',
    expiresAt: expiresAt(state.type, state.at) ?? 'same',
  };
}

/** The transition of a claim that is written without a read: of a run that waits in a queue. */
export function blindClaim(runId: string, state: RunState, claim: Claim): Transition {
  const { sessionId } = claim;
  return {
    ...blindTransition(runId, { ...state, claimedBy: sessionId }),
    claim: { kind: 'begin', claim },
    place: { kind: 'claimed', sessionId, at: state.at },
  };
}

/** The transition of a decision made on `run` as it was read. */
export function decidedTransition(
  run: Run,
  state: RunState,
  claim: Transition['claim'],
  { takes = [], loss = false }: { takes?: readonly SlotChoice[]; loss?: boolean } = {},
): Transition {
  const wasFinal = isFinal(run.stateType);
  const moved = movedStates(run);
  return {
    runId: run.id,
    state: claim.kind === 'begin' ? { ...state, claimedBy: claim.claim.sessionId } : state,
    claim,
    frees: claim.kind === 'end' ? run.slots : [],
    takes,
    // Resuming from a pause is not another run of it.
    counts: {
      run: isRunning(state.type) && !isPaused(run.stateType) && !run.resuming,
      loss,
      anew: wasFinal && run.losses > 0 && !isFinal(state.type),
    },
    pauses: pausesAfter(run, state),
    place: placeAfter(run, state, claim),
    scheduledAt: state.scheduledAt ?? 'same',
    expiresAt: expiresAt(state.type, state.at) ?? (wasFinal ? 'never' : 'same'),
    ...(moved ? { moved } : {}),
  };
}

/** Rests where it is while the same session holds it, or (without a queue) while it is executed. */
function placeAfter(run: Run, state: RunState, claim: Transition['claim']): Place | 'same' {
  const { type } = state;
  const holder = { begin: newHolder(claim), keep: run.claim?.sessionId, end: undefined }[
    claim.kind
  ];
  const sameHolder = claim.kind === 'keep' && holder !== undefined;
  const stays = sameHolder && isCancelling(type) === isCancelling(run.stateType);
  if (stays) return 'same';
  const after = placeOf(type, state.scheduledAt ?? state.at, run, holder);
  if (after.kind !== 'adhoc') return after;
  const before = placeOf(run.stateType, 0, run, run.claim?.sessionId);
  return before.kind === 'adhoc' ? 'same' : after;
}

const newHolder = (claim: Transition['claim']): string | undefined =>
  claim.kind === 'begin' ? claim.claim.sessionId : undefined;

/** The older half of a long history, so that the item stays small. */
function movedStates(run: Run): Transition['moved'] {
  if (run.states.length < LIMITS.statesOnItem) return undefined;
  const cut = Math.floor(run.states.length / 2);
  const out = run.states.slice(0, cut);
  const stay = run.states.slice(cut);
  return {
    out,
    stay,
    first: run.movedStates,
    earlierIds: [...run.earlierIds, ...out.map(({ id }) => id)].slice(-LIMITS.earlierIds),
    lastClaimant: lastClaimant({ ...run, states: out }),
    ranBefore: run.ranBefore + timeRunning([...out, ...stay.slice(0, 1)], 0),
  };
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
