import type { Scope, SlotChoice } from '../limits.ts';
import type { Instant, Micros } from '../values/instant.ts';
import type { Claim, Run, RunState } from './run.ts';
import type { StateType } from './state.ts';
import type { Transition } from './transition.ts';

/** Writes the claim, and every other change of a run's state. */
export interface ClaimStore {
  claim(attempt: ClaimAttempt): Promise<Written>;
  /** Won: nothing is returned, since the caller knows what it wrote. Lost: the run as stored. */
  transition(transition: Transition, guard: Guard): Promise<Updated>;
  /**
   * Gives a slot of one scope to a claim that has none. 'over': the claim has changed since it was
   * read.
   */
  grantSlot(grant: SlotGrant): Promise<'granted' | 'taken' | 'over'>;
}

export interface ClaimAttempt {
  readonly runId: string;
  readonly claim: Claim;
  readonly state: RunState;
  readonly takes: readonly SlotChoice[];
  /**
   * How often the run has been claimed before, according to the index. Used if the claim takes
   * slots.
   */
  readonly attempts: number;
  readonly now: Instant;
  /** The caller knows that no later run of the schedule exists: see core/dispatch/too-late.ts. */
  readonly evenLate?: boolean;
  /** No write of this claim starts after this instant, not even a retry. */
  readonly deadline: Instant;
}

/** Won: the run as this write left it. Lost: the run as stored (undefined: there is none). */
export type Written = { readonly won: true; readonly run: Run } | ({ readonly won: false } & Lost);

export type Updated = { readonly done: true } | ({ readonly done: false } & Lost);

/** What a write whose condition failed returns. */
interface Lost {
  /**
   * The run as stored; undefined if it does not exist, or if it was not the run's condition that
   * failed.
   */
  readonly run: Run | undefined;
  /** A slot was taken by another claim, or the limit has changed: choose slots again. */
  readonly slotsChanged?: true;
}

/** Who must hold the run, for a write without a read. */
export type Holding =
  /** The claim with this token. */
  | { readonly kind: 'claim'; readonly attempt: number; readonly secret: string }
  /** This session: on Prefect's path a worker's name is all the proof there is. */
  | { readonly kind: 'session'; readonly sessionId: string }
  /**
   * Nobody. The run must also not be too late to start, and what is remembered of it must still be
   * true, since its limits were looked up by that.
   */
  | {
      readonly kind: 'nobody';
      readonly queueId: string;
      readonly deploymentId: string;
      readonly at: Instant;
    };

/** The condition of a transition; store/conditions.ts puts it into words. */
export type Guard =
  | {
      /** Blind: written without a read, for a proposal whose answer would be a plain ACCEPT. */
      readonly kind: 'plain';
      readonly from: readonly StateType[];
      readonly by: Holding;
      /** Only if the run's scheduled time is not after this. */
      readonly dueBy?: Instant;
      /** Only if the run has no retry left. */
      readonly noRetryLeft?: boolean;
      /** The write ends the claim: only if the claim holds no slot. */
      readonly ends: boolean;
      /** As for 'decided', below. */
      readonly within?: Micros;
    }
  | {
      /**
       * Decided on the run as read. Condition: its state and the slots of its claim are unchanged.
       */
      readonly kind: 'decided';
      readonly run: Run;
      /** For recovery: only while this very session holds the run. */
      readonly heldBy?: string;
      /** For recovery of an idle claim: only if the run has not been patched since. */
      readonly untouched?: true;
      /** No write of this transition starts later than this many microseconds from now. */
      readonly within?: Micros;
    };

export interface SlotGrant {
  readonly run: Run;
  readonly scope: Scope;
  readonly k: number;
  readonly at: Instant;
}
