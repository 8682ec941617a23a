import type { HeldSlot } from '../limits.ts';
import type { Instant, Micros, Seconds } from '../values/instant.ts';
import type { JsonText } from '../values/json-text.ts';
import type { StateType } from './state.ts';

/**
 * A JSON text or a message of a run. A small one is stored in the run's item, a large one beside
 * it, under its hash. Large ones are read only where they are shown or handed out.
 */
export type Payload = { readonly text: string } | { readonly hash: string; readonly bytes: number };

/** A state that a run is or was in. */
export interface RunState {
  /**
   * The caller's transition_id if one was given, so that a repeated request can be recognized by
   * it.
   */
  readonly id: string;
  readonly type: StateType;
  readonly name: string;
  readonly at: Instant;
  readonly message?: Payload;
  readonly data?: Payload;
  /** SCHEDULED only: when the run is to start. */
  readonly scheduledAt?: Instant;
  /** Whether `id` is a transition_id, which responses then repeat. */
  readonly proposed?: boolean;
  /** The proposed type, if the answer was a different state (a REJECT that wrote one). */
  readonly insteadOf?: StateType;
  /**
   * COMPLETED with a result that was persisted: a later proposal must not discard it needlessly.
   */
  readonly persists?: boolean;
  /** The session whose claim began with this state. */
  readonly claimedBy?: string;
  /** The worker's name (worker-name.ts). `byName`: it alone proves the claim (Prefect's path). */
  readonly worker?: string;
  readonly workerMark?: string;
  readonly byName?: boolean;
  /** Why the claim ended, if it was not its holder who ended it. */
  readonly cause?: EndCause;
  /** Prefect's other state_details, under Prefect's names, without those that are null. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * - `lost`      its session died
 * - `idle`      nothing followed the claim, and the server cannot see whether the claimant is alive
 * - `released`  an operator took the run from its holder
 * - `forced`    a caller without the claim set the state, with force
 */
export type EndCause = 'lost' | 'idle' | 'released' | 'forced';

/** A session's hold on a run: from the claim until a final state, a give-back or a recovery. */
export interface Claim {
  readonly sessionId: string;
  /** With the run's id and attempt it makes the claim token. */
  readonly secret: string;
  /** The caller's id for the claim request, with which it can ask again after a lost response. */
  readonly claimId: string;
}

export interface Run {
  readonly id: string;
  readonly flowId: string;
  readonly deploymentId?: string;
  readonly deploymentVersion?: string;
  /** The run is executed with the deployment of this generation or a later one. */
  readonly deploymentGeneration?: number;
  /** The queue it waits in; absent for a flow called by hand. */
  readonly queueId?: string;
  /** Set if a person gave it; otherwise the name follows from the id (model/runs/run-name.ts). */
  readonly name?: string;
  readonly tags: readonly string[];
  /** Only labels that do not follow from other fields: see core/runs/labels.ts. */
  readonly labels?: JsonText;
  /** The type that its worker reported, such as `process`. */
  readonly workerType?: string;
  readonly parameters: Payload;
  readonly jobVariables?: Payload;
  readonly context?: Payload;
  readonly idempotencyKey?: string;
  readonly parentTaskRunId?: string;
  readonly flowVersion?: string;
  readonly infrastructurePid?: string;
  /** For Prefect 2's agents: the block that says where the run is executed. */
  readonly infrastructureDocumentId?: string;
  readonly createdAt: Instant;
  /** When a person or a process last changed a field, apart from the state. */
  readonly patchedAt?: Instant;

  readonly stateType: StateType;
  readonly stateId: string;
  /** The latest states, oldest first, the current one last. Older ones may have been moved out. */
  readonly states: readonly RunState[];
  /** How many older states have been moved out of the item, to lie beside it. */
  readonly movedStates: number;
  /** The ids of the latest moved states, so that a proposal repeated late is still recognized. */
  readonly earlierIds: readonly string[];
  /** The last claimant, if the state that began its claim has been moved out. */
  readonly lastClaimant?: Claimant;
  /** When the run may start; kept after the start. */
  readonly scheduledAt?: Instant;
  /** When the run was first meant to start. */
  readonly expectedAt: Instant;
  readonly startedAt?: Instant;
  /** Microseconds spent RUNNING in states that were moved out. */
  readonly ranBefore: Micros;

  /**
   * How often the run has been claimed. The fencing number: it only grows, and has no other use.
   */
  readonly attempt: number;
  /** How often the run has entered RUNNING. */
  readonly runCount: number;
  /** How many claims ended because their session died. */
  readonly losses: number;
  /** The keys of the pauses that the run has gone through, so that none takes effect twice. */
  readonly pauseKeys?: readonly string[];
  /** The schedule that created the run, if one did. */
  readonly madeBy?: MadeBy;
  /** Until the run is first claimed: when it is too late to start. */
  readonly late?: LateTerms;
  /** The run was resumed and is not RUNNING yet: entering RUNNING will not count as another run. */
  readonly resuming?: true;
  readonly retries?: number;
  /** In seconds: one delay for all retries, or one per retry. */
  readonly retryDelay?: Seconds | readonly Seconds[];
  readonly claim?: Claim;
  /** The slots that its claim holds. */
  readonly slots: readonly HeldSlot[];
  /** The run waits in its deployment's lane, not among the other runs of its queue. */
  readonly inLane: boolean;
}

/** The fields that the creator of a run gives; the others follow. */
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
 * The time under which lists of runs show a run: the later of its creation and its first expected
 * start. So a run that is listed before some instant was also created, and meant to start, before
 * it.
 */
export const listedAt = ({ createdAt, expectedAt }: Pick<Run, 'createdAt' | 'expectedAt'>) =>
  Math.max(createdAt, expectedAt);

export const currentState = (run: Run): RunState => {
  const state = run.states.at(-1);
  if (!state) throw new Error(`run ${run.id} has no state`);
  return state;
};

/** A subflow that its parent's process executes: no queue and no deployment leads to it. */
export const isInline = ({ queueId, deploymentId }: Run): boolean =>
  queueId === undefined && deploymentId === undefined;

/** The session that claimed a run. */
export interface Claimant {
  readonly sessionId: string;
  /** Absent if the state that began the claim has been moved out. */
  readonly claimedAt?: Instant;
  readonly worker?: string;
  readonly workerMark?: string;
  readonly byName?: boolean;
}

/** The claimant that holds the run, or held it last. */
export function lastClaimant(run: Pick<Run, 'states' | 'lastClaimant'>): Claimant | undefined {
  const state = run.states.findLast(({ claimedBy }) => claimedBy !== undefined);
  if (state?.claimedBy === undefined) return run.lastClaimant;
  const { claimedBy, worker, workerMark, byName, at } = state;
  return {
    sessionId: claimedBy,
    claimedAt: at,
    ...(worker ? { worker } : {}),
    ...(workerMark ? { workerMark } : {}),
    ...(byName ? { byName } : {}),
  };
}

/**
 * When a late run of a schedule is too late to start. The claim applies this: no timer changes the
 * run, but a claimant that tries to claim it late finds that it is too late.
 *
 * | policy | a run is too late from | unless |
 * |---|---|---|
 * | all | never | |
 * | latest | the time of the schedule's next run | that run does not exist: the schedule was changed, or the scheduler is behind |
 * | skip | its own time plus the grace | |
 *
 * This applies to the first start alone: the condition of a claim checks `skipFrom`, and the first
 * state after the one that the run was created with removes it. So a run is not too late for a
 * retry, for a recovery, or when a caller schedules it again.
 */
export interface LateTerms {
  readonly skipFrom: Instant;
  /** The id of the schedule's next run. */
  readonly unlessMissing?: string;
}

/** The schedule that created a run, and its name. */
interface MadeBy {
  readonly scheduleId: string;
  readonly name: string;
}
