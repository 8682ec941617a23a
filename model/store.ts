import type { ApiKeyStore } from './access.ts';
import type { ArtifactStore } from './artifacts.ts';
import type { BlockStore } from './blocks.ts';
import type { DeploymentStore } from './deployments.ts';
import type { LimitStore } from './limits.ts';
import type { LogStore } from './logs.ts';
import type { NamedLimitStore } from './named-limits.ts';
import type { PoolStore } from './pools.ts';
import type { ClaimStore } from './runs/claim-store.ts';
import type { DispatchStore } from './runs/dispatch-store.ts';
import type { RunInputStore } from './runs/input-store.ts';
import type { PauseStore } from './runs/pause-store.ts';
import type { RunStore } from './runs/run-store.ts';
import type { ScheduleStore } from './schedules.ts';
import type { SessionStore } from './sessions.ts';
import type { TaskRunStore } from './task-runs.ts';
import type { VariableStore } from './variables.ts';

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
    DispatchStore,
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
