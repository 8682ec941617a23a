import type { Scope, SlotChoice } from '../limits.ts';
import type { Instant, Micros } from '../values/instant.ts';
import type { Claim, Run, RunState } from './run.ts';
import type { StateType } from './state.ts';
import type { Transition } from './transition.ts';

/** The claim, and every other change of a state. */
export interface ClaimStore {
  claim(attempt: ClaimAttempt): Promise<Written>;
  /** Won: nothing comes back, the caller knows what it wrote. Lost: the run as it is. */
  transition(transition: Transition, guard: Guard): Promise<Updated>;
  /** A slot for a claim that is current and has none of this scope. */
  grantSlot(grant: SlotGrant): Promise<'granted' | 'taken' | 'over'>;
}

export interface ClaimAttempt {
  readonly runId: string;
  readonly claim: Claim;
  readonly state: RunState;
  readonly takes: readonly SlotChoice[];
  /** How often it has been claimed before, as the index says: looked at where it takes slots. */
  readonly attempts: number;
  readonly now: Instant;
  /** It is known that no later one is there: see core/dispatch/too-late.ts. */
  readonly evenLate?: boolean;
  /** No write of it starts later, not even one sent again. */
  readonly deadline: Instant;
}

/** Won: the run as this write left it. Lost: the run as it is (undefined: there is none). */
export type Written = { readonly won: true; readonly run: Run } | ({ readonly won: false } & Lost);

export type Updated = { readonly done: true } | ({ readonly done: false } & Lost);

/** What a lost condition brings. */
interface Lost {
  /** As it is; undefined where there is none, or where it was not the run that lost. */
  readonly run: Run | undefined;
  /** A slot went to another, or the limit has changed: choose anew. */
  readonly slotsChanged?: true;
}

/** Whose the run must be, for a write without a read. */
export type Holding =
  /** This very claim's, proven by its token. */
  | { readonly kind: 'claim'; readonly attempt: number; readonly secret: string }
  /** This session's: on Prefect's path a name is all the proof there is. */
  | { readonly kind: 'session'; readonly sessionId: string }
  /**
   * Nobody's, not too late to start, and what is remembered of it must be true: limits were looked up
   * by that.
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
      /** Blind: written without a read, where the answer would be a plain ACCEPT. */
      readonly kind: 'plain';
      readonly from: readonly StateType[];
      readonly by: Holding;
      /** Not before its scheduled time. */
      readonly dueBy?: Instant;
      /** Only where no retry is left to grant. */
      readonly noRetryLeft?: boolean;
      /** It ends the claim: only where that holds no slot. */
      readonly ends: boolean;
      /** As below. */
      readonly within?: Micros;
    }
  | {
      /** Decided on the run as it was read: its state, what its claim holds. */
      readonly kind: 'decided';
      readonly run: Run;
      /** Recovery: only while this very session holds it. */
      readonly heldBy?: string;
      /** Recovery of what was idle: only if nobody has patched it since. */
      readonly untouched?: true;
      /** No write of it starts later than so many microseconds from now. */
      readonly within?: Micros;
    };

export interface SlotGrant {
  readonly run: Run;
  readonly scope: Scope;
  readonly k: number;
  readonly at: Instant;
}
