import type { HeldSlot, SlotChoice } from '../limits.ts';
import type { Instant } from '../values/instant.ts';
import { NUMBERS } from '../values/numbers.ts';
import type { Claim, Claimant, Run, RunState } from './run.ts';
import { isCancelling, isFailure, isFinal, isScheduled, type StateType } from './state.ts';

/**
 * Pauses, which work as in Prefect:
 *
 * | state                     | process        | claim and slots | listed     | resumes as            |
 * |---------------------------|----------------|-----------------|------------|-----------------------|
 * | PAUSED                    | lives, asks    | kept            | as held    | RUNNING               |
 * | PAUSED, pause_reschedule  | ended (suspend)| ended           | nowhere    | SCHEDULED, `Resuming` |
 *
 * A run remembers the keys of its pauses, so that code that is executed again does not pause again
 * at the same place. It also remembers whether it is resuming, because that is not another run of
 * it. If the process ends during its pause (lost, given back, released), the next one begins anew,
 * and all of its pauses ask again. After a retry, or a restart from a final state, the run
 * remembers neither. A pause may have a time by which it must be resumed. After that time the run is FAILED,
 * by the next caller that tries to change its state, or by the sweeper.
 */
export interface PauseMemory {
  readonly keys: readonly string[];
  readonly resuming: boolean;
}

/**
 * A change of a run's state, ready to be written: the new state, what happens to the claim, and
 * where the run is listed from now on. The rules decide all of it; the store only translates it.
 */
export interface Transition {
  readonly runId: string;
  readonly state: RunState;
  readonly claim: { kind: 'keep' } | { kind: 'end' } | { kind: 'begin'; claim: Claim };
  /** The slots that are freed with the claim's end, and those that are taken with its beginning. */
  readonly frees: readonly HeldSlot[];
  readonly takes: readonly SlotChoice[];
  /**
   * One more run, one more loss; `anew`: losses start from 0, because someone wants another try.
   */
  readonly counts: { run: boolean; loss?: boolean; anew?: boolean };
  /** What the run remembers of its pauses from now on. */
  readonly pauses: PauseMemory | 'same';
  /** Where the dispatch index lists the run; 'same': unchanged. */
  readonly place: DispatchPlace | 'same';
  readonly scheduledAt: Instant | 'same';
  readonly expiresAt: Instant | 'same' | 'never';
  /** The older states to move out of the item, and the states that stay. */
  readonly moved?: {
    readonly out: readonly RunState[];
    readonly stay: readonly RunState[];
    /** How many states were moved before: the place of the first one in the whole history. */
    readonly first: number;
    readonly earlierIds: readonly string[];
    readonly lastClaimant: Claimant | undefined;
    readonly ranBefore: number;
  };
}

/** Where the dispatch index lists a run: see store/table/keys.ts. */
export type DispatchPlace =
  | {
      readonly kind: 'ready';
      readonly queueId: string;
      readonly at: Instant;
      /** The deployment in whose lane the run waits, if it waits in one. */
      readonly lane: string | undefined;
    }
  | { readonly kind: 'claimed'; readonly sessionId: string; readonly at: Instant }
  | { readonly kind: 'cancelling'; readonly sessionId: string; readonly at: Instant }
  /** A run of a deployment without a pool: it waits for a process that serves the deployment. */
  | { readonly kind: 'served'; readonly deploymentId: string; readonly at: Instant }
  | { readonly kind: 'adhoc'; readonly at: Instant }
  | { readonly kind: 'failed'; readonly at: Instant }
  | { readonly kind: 'nowhere' };

/** Takes the place of a queue's id for runs of deployments without a pool. */
export const SERVED_QUEUE = 'serve';

/** Where a run in state `type` is listed. `at`: when it is due, or when it entered that place. */
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

/** When a run in state `type` is deleted: the retention time after its end. */
export const expiresAt = (type: StateType, at: Instant): Instant | undefined =>
  isFinal(type) ? at + NUMBERS.retention : undefined;
