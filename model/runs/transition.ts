import type { HeldSlot, SlotChoice } from '../limits.ts';
import type { Instant } from '../values/instant.ts';
import { NUMBERS } from '../values/numbers.ts';
import type { Claim, Claimant, Run, RunState } from './run.ts';
import { isCancelling, isFailure, isFinal, isScheduled, type StateType } from './state.ts';

/**
 * Pauses, as Prefect has them:
 *
 * | state                     | process        | claim and slots | listed     | resumes as            |
 * |---------------------------|----------------|-----------------|------------|-----------------------|
 * | PAUSED                    | lives, asks    | kept            | as held    | RUNNING               |
 * | PAUSED, pause_reschedule  | ended (suspend)| ended           | nowhere    | SCHEDULED, `Resuming` |
 *
 * A run remembers the keys of its pauses, so that code which is executed again does not pause again at
 * the same place, and whether it is resuming, for that is not another run of it. A pause that nobody
 * resumed is forgotten with its process (lost, given back, released): the question is asked again. A
 * retry and a new life after a final state begin with neither. A pause may have a time by which it must be resumed:
 * later it is FAILED, by who tries to move it on or by the sweeper.
 */
export interface PauseMemory {
  readonly keys: readonly string[];
  readonly resuming: boolean;
}

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
  readonly place: DispatchPlace | 'same';
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

/** Where a run is in its life: see the dispatch index in store/table/keys.ts. */
export type DispatchPlace =
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
): DispatchPlace {
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

/** When a run in state `type` is deleted: some time after its end. */
export const expiresAt = (type: StateType, at: Instant): Instant | undefined =>
  isFinal(type) ? at + NUMBERS.retention : undefined;
