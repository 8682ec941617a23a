import type { ApiKeyStore } from './access.ts';
import type { ArtifactStore } from './artifacts.ts';
import type { BlockStore } from './blocks.ts';
import type { DeploymentStore } from './deployments.ts';
import type { LimitStore } from './limits.ts';
import type { LogStore } from './logs.ts';
import type { NamedLimitStore } from './named-limits.ts';
import type { PoolStore } from './pools.ts';
import type { CancellationStore } from './runs/cancellation-store.ts';
import type { ClaimStore } from './runs/claim-store.ts';
import type { DispatchStore } from './runs/dispatch-store.ts';
import type { RunInputStore } from './runs/input-store.ts';
import type { PauseStore } from './runs/pause-store.ts';
import type { RunStore } from './runs/run-store.ts';
import type { SavedSearchStore } from './saved-searches.ts';
import type { ScheduleStore } from './schedules.ts';
import type { SessionStore } from './sessions.ts';
import type { TaskRunStore } from './task-runs.ts';
import type { VariableStore } from './variables.ts';

/**
 * The port: everything that the rules ask of a database. Each method is atomic, and one verb.
 * store/ implements it on DynamoDB.
 *
 * A condition that fails is an answer, never an exception: it returns the item as stored. Methods
 * throw only if the database does not respond. Then the write may or may not have happened.
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
    CancellationStore,
    NamedLimitStore,
    ScheduleStore,
    VariableStore,
    SavedSearchStore,
    ApiKeyStore {
  /**
   * Records the version of the items that this code writes; returns it, and the newest ever
   * recorded.
   */
  noteSchema(): Promise<{ ours: number; theirs: number }>;
  /** Throws if the table does not respond. */
  ping(): Promise<void>;
}
