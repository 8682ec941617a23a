import type { HeldSlot } from '../limits.ts';
import type { Instant, Micros, Seconds } from '../values/instant.ts';
import type { JsonText } from '../values/json-text.ts';
import type { StateType } from './state.ts';

/**
 * A JSON text or a message of a run: in the run's item if it is small, else beside it, found by its
 * hash. Large ones are read only where they are shown or handed out.
 */
export type Payload = { readonly text: string } | { readonly hash: string; readonly bytes: number };

/** One state a run is or was in. */
export interface RunState {
  /** The caller's transition_id where one was given: so a replay is found by it. */
  readonly id: string;
  readonly type: StateType;
  readonly name: string;
  readonly at: Instant;
  readonly message?: Payload;
  readonly data?: Payload;
  /** SCHEDULED only: when it is to start. */
  readonly scheduledAt?: Instant;
  /** Whether `id` is a transition_id, to be told again as one. */
  readonly proposed?: boolean;
  /** The type proposed, where the answer was another state (a REJECT that wrote one). */
  readonly insteadOf?: StateType;
  /** COMPLETED with a result that was kept: it is not given up for nothing. */
  readonly persists?: boolean;
  /** The session whose claim began with this state. */
  readonly claimedBy?: string;
  /** The name of its worker; `byName` where that name alone proves the claim (Prefect's path). */
  readonly worker?: string;
  readonly byName?: boolean;
  /** Where it was not the holder who ended the claim: what did. */
  readonly cause?: EndCause;
  /** Prefect's other state_details, those that are not null, under Prefect's names. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * - `lost`      its session died
 * - `idle`      nothing followed the claim, and nobody sees whether its claimant lives
 * - `released`  an operator took it from its holder
 * - `forced`    somebody without the claim set the state, with force
 */
export type EndCause = 'lost' | 'idle' | 'released' | 'forced';

/** A session's hold of a run: from its claim until a final state, a give-back or its recovery. */
export interface Claim {
  readonly sessionId: string;
  /** With the run's id and attempt it makes the claim token. */
  readonly secret: string;
  /** The caller's name for the claim call, so that a lost reply can be asked for again. */
  readonly claimId: string;
}

export interface Run {
  readonly id: string;
  readonly flowId: string;
  readonly deploymentId?: string;
  readonly deploymentVersion?: string;
  /** The deployment as it was then, or a later one, is what this run is executed by. */
  readonly deploymentGeneration?: number;
  /** The queue it waits in; absent for a flow called by hand. */
  readonly queueId?: string;
  /** Given by a person; otherwise the name follows from the id (run-name.ts). */
  readonly name?: string;
  readonly tags: readonly string[];
  /** Those that do not follow from what else is known: see labels.ts. */
  readonly labels?: JsonText;
  /** What its worker said it is: `process`. */
  readonly workerType?: string;
  readonly parameters: Payload;
  readonly jobVariables?: Payload;
  readonly context?: Payload;
  readonly idempotencyKey?: string;
  readonly parentTaskRunId?: string;
  readonly flowVersion?: string;
  readonly infrastructurePid?: string;
  /** Of Prefect 2's agents: the block that says where it is executed. */
  readonly infrastructureDocumentId?: string;
  readonly createdAt: Instant;
  /** Last change of a field by a person or a process, other than by a state. */
  readonly patchedAt?: Instant;

  readonly stateType: StateType;
  readonly stateId: string;
  /** The latest states, oldest first, the current one last. Older ones may have been moved out. */
  readonly states: readonly RunState[];
  /** How many older ones have been moved out of the item, beside it. */
  readonly movedStates: number;
  /** The ids of the latest of those: a proposal sent again late is still known. */
  readonly earlierIds: readonly string[];
  /** Who claimed last, where that state has been moved out. */
  readonly lastClaimant?: Claimant;
  /** When it may start; kept after it did. */
  readonly scheduledAt?: Instant;
  /** When it was first meant to start. */
  readonly expectedAt: Instant;
  readonly startedAt?: Instant;
  /** Microseconds spent RUNNING in states that were moved out. */
  readonly ranBefore: Micros;

  /** How often it has been claimed. The fencing number: it only grows, and does nothing else. */
  readonly attempt: number;
  /** How often it has entered RUNNING. */
  readonly runCount: number;
  /** Claims that ended with a dead session. */
  readonly losses: number;
  /** Keys of the pauses it has gone through: none fires twice. */
  readonly pauseKeys?: readonly string[];
  /** A schedule made it. */
  readonly madeBy?: MadeBy;
  /** Until it was first claimed: when that is too late. */
  readonly late?: LateTerms;
  /** It was resumed and does not run yet: that will not be another run of it. */
  readonly resuming?: true;
  readonly retries?: number;
  /** Seconds, one for all or one per retry. */
  readonly retryDelay?: Seconds | readonly Seconds[];
  readonly claim?: Claim;
  /** What its claim holds of the limits. */
  readonly slots: readonly HeldSlot[];
  /** It waits in the lane of its deployment, not among the others of its queue. */
  readonly inLane: boolean;
}

/** What a creator says of a run; the rest follows. */
export type NewRun = Omit<
  Run,
  | 'states'
  | 'movedStates'
  | 'earlierIds'
  | 'lastClaimant'
  | 'slots'
  | 'stateType'
  | 'stateId'
  | 'ranBefore'
  | 'losses'
> & { readonly state: RunState };

/**
 * When lists of runs show it: the later of its creation and the time it was first meant to start. So a
 * run that is listed before some instant was created before it, and meant to start before it, too.
 */
export const listedAt = ({ createdAt, expectedAt }: Pick<Run, 'createdAt' | 'expectedAt'>) =>
  Math.max(createdAt, expectedAt);

export const currentState = (run: Run): RunState => {
  const state = run.states.at(-1);
  if (!state) throw new Error(`run ${run.id} has no state`);
  return state;
};

/** Who claimed a run. */
export interface Claimant {
  readonly sessionId: string;
  /** Absent where the state that began the claim has been moved out. */
  readonly claimedAt?: Instant;
  readonly worker?: string;
  readonly byName?: boolean;
}

/** Who holds the run, or held it last. */
export function lastClaimant(run: Pick<Run, 'states' | 'lastClaimant'>): Claimant | undefined {
  const state = run.states.findLast(({ claimedBy }) => claimedBy !== undefined);
  if (state?.claimedBy === undefined) return run.lastClaimant;
  const { claimedBy, worker, byName, at } = state;
  return {
    sessionId: claimedBy,
    claimedAt: at,
    ...(worker ? { worker } : {}),
    ...(byName ? { byName } : {}),
  };
}

/**
 * Late runs of a schedule, applied at the claim: no timer moves a run, the one who would claim it late
 * finds it too late.
 *
 * | policy | its run is too late from | unless |
 * |---|---|---|
 * | all | never | |
 * | latest | the time of the next one | no later one is there: its schedule was changed, or is behind |
 * | skip | its own time and the grace | |
 *
 * It goes for the first start alone: the condition of a claim knows that time (`skipFrom`), and the
 * first state after the one it was made with forgets it. So a retry, a recovery, or somebody who
 * schedules it again, is not too late.
 */
export interface LateTerms {
  readonly skipFrom: Instant;
  /** The run of the next time. */
  readonly unlessMissing?: string;
}

/** Of a run that a schedule made: which one, and what it is called. */
interface MadeBy {
  readonly scheduleId: string;
  readonly name: string;
}
