import type { ApiKeyStore } from './store/api-keys.ts';
import type { ArtifactStore } from './store/artifacts.ts';
import type { BlockStore } from './store/blocks.ts';
import type { ClaimStore } from './store/claims.ts';
import type { DeploymentStore } from './store/deployments.ts';
import type { LimitStore } from './store/limits.ts';
import type { LogStore } from './store/logs.ts';
import type { NamedLimitStore } from './store/named-limits.ts';
import type { PauseStore } from './store/pauses.ts';
import type { PoolStore } from './store/pools.ts';
import type { RunInputStore } from './store/run-inputs.ts';
import type { RunStore } from './store/runs.ts';
import type { ScheduleStore } from './store/schedules.ts';
import type { SessionStore } from './store/sessions.ts';
import type { TaskRunStore } from './store/task-runs.ts';
import type { VariableStore } from './store/variables.ts';

export type { ArtifactWindow } from './store/artifacts.ts';
export type { ClaimAttempt, Guard, Holding, Updated, Written } from './store/claims.ts';
export type { Beside } from './store/deployments.ts';
export type { SlotGrant } from './store/limits.ts';
export type { Changed, Freshness, QueueOrder } from './store/pools.ts';
export type {
  ByHandEntry,
  ClaimedEntry,
  LabelChange,
  LeftBehind,
  ListedRun,
  Owner,
  ReadyEntry,
  ReadyWindow,
  RunChange,
  RunWindow,
} from './store/runs.ts';
export type { Visit } from './store/schedules.ts';
export type { Opened, Service, SessionEnding, SessionRenewal } from './store/sessions.ts';

/**
 * The port: all that the rules ask of a database. One method per verb, each one atomic; store/ has a
 * file of the same name for each that writes a run or a session.
 *
 * A lost condition is an answer, never an exception: it carries the item as it is. Methods throw
 * only when the database does not answer (then a write may have happened, or not).
 */
export interface Store
  extends PoolStore,
    DeploymentStore,
    BlockStore,
    ArtifactStore,
    RunStore,
    RunInputStore,
    ClaimStore,
    LimitStore,
    SessionStore,
    LogStore,
    TaskRunStore,
    PauseStore,
    NamedLimitStore,
    ScheduleStore,
    VariableStore,
    ApiKeyStore {
  /** The version of the items that this code writes, and the newest that any code has written. */
  noteSchema(): Promise<{ ours: number; theirs: number }>;
  /** Whether the table answers. */
  ping(): Promise<void>;
}
