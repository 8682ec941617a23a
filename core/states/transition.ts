import type { SlotChoice } from '../../model/limits.ts';
import { type Claim, lastClaimant, type Run, type RunState } from '../../model/runs/run.ts';
import { timeRunning } from '../../model/runs/run-times.ts';
import { isCancelling, isFinal, isPaused, isRunning, isScheduled } from '../../model/runs/state.ts';
import {
  type DispatchPlace,
  expiresAt,
  placeOf,
  type Transition,
} from '../../model/runs/transition.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { pausesAfter, suspends } from './pauses.ts';

/**
 * Whether a state ends the claim of its run: a final state, giving the run back, and a suspension
 * do. A retry in the same process keeps the claim.
 */
export function endsClaim(state: RunState): boolean {
  if (isFinal(state.type)) return true;
  if (isScheduled(state.type)) return state.insteadOf === undefined;
  return isPaused(state.type) && suspends(state);
}

/** Logs a transition that begins a claim. */
export function tellClaim(
  { tell }: Pick<Context, 'tell'>,
  { runId, claim, state }: Transition,
): void {
  if (claim.kind !== 'begin') return;
  tell({ runId, sessionId: claim.claim.sessionId, worker: state.worker });
}

/**
 * The transition for a holder's write without a read: the claim continues, or ends with a final
 * state.
 */
export function blindTransition(runId: string, state: RunState): Transition {
  const final = isFinal(state.type);
  return {
    runId,
    state,
    claim: { kind: final ? 'end' : 'keep' },
    // The guard makes sure that a run that holds slots is not ended without a read.
    frees: [],
    takes: [],
    counts: { run: isRunning(state.type) },
    // The guard makes sure that a resuming run is not changed without a read.
    pauses: 'same',
    place: final ? placeOf(state.type, state.at, { inLane: false }, undefined) : 'same',
    scheduledAt: 'same',
    expiresAt: expiresAt(state.type, state.at) ?? 'same',
  };
}

/** The transition for a claim, without a read, of a run that waits in a queue. */
export function blindClaim(runId: string, state: RunState, claim: Claim): Transition {
  const { sessionId } = claim;
  return {
    ...blindTransition(runId, { ...state, claimedBy: sessionId }),
    claim: { kind: 'begin', claim },
    place: { kind: 'claimed', sessionId, at: state.at },
  };
}

/** The transition for a decision that was made on `run` as it was read. */
export function decidedTransition(
  run: Run,
  state: RunState,
  claim: Transition['claim'],
  { takes = [], loss = false }: { takes?: readonly SlotChoice[]; loss?: boolean } = {},
): Transition {
  const wasFinal = isFinal(run.stateType);
  const moved = movedStates(run);
  const resumes = isPaused(run.stateType) || run.resuming === true;
  return {
    runId: run.id,
    state: claim.kind === 'begin' ? { ...state, claimedBy: claim.claim.sessionId } : state,
    claim,
    frees: claim.kind === 'end' ? run.slots : [],
    takes,
    // Resuming from a pause does not count as another run, except for a run that began as paused.
    counts: {
      run: isRunning(state.type) && (run.runCount === 0 || !resumes),
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

/**
 * Where the dispatch index lists the run after the transition. The entry stays where it is while
 * the same session holds the run, or, for a run without a queue, while the run is executed.
 */
function placeAfter(run: Run, state: RunState, claim: Transition['claim']): DispatchPlace | 'same' {
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

/** The older half of a long history, to be moved out so that the run's item stays small. */
function movedStates(run: Run): Transition['moved'] {
  const isLarge = statesBytes(run.states) > NUMBERS.statesBytes;
  if (run.states.length < NUMBERS.statesOnItem && !isLarge) return undefined;
  let cut = Math.floor(run.states.length / 2);
  // The current state stays, whatever its size.
  while (cut < run.states.length - 1 && statesBytes(run.states.slice(cut)) > NUMBERS.statesBytes) {
    cut++;
  }
  if (cut === 0) return undefined;
  const out = run.states.slice(0, cut);
  const stay = run.states.slice(cut);
  return {
    out,
    stay,
    first: run.movedStates,
    earlierIds: [...run.earlierIds, ...out.map(({ id }) => id)].slice(-NUMBERS.earlierIds),
    lastClaimant: lastClaimant({ ...run, states: out }),
    ranBefore: run.ranBefore + timeRunning([...out, ...stay.slice(0, 1)], 0),
  };
}

/** Roughly, from above: a UTF-16 unit has at most three bytes. Details can be as large as that. */
const statesBytes = (states: readonly RunState[]): number =>
  states.reduce((sum, { name, details }) => {
    return sum + 3 * (name.length + (details ? JSON.stringify(details).length : 0));
  }, 0);
