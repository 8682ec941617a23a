import type { Instant } from '../instant.ts';
import type { NewRun } from '../run.ts';

/** When the schedules of deployments are due to be looked at, and the runs made of them. */
export interface ScheduleStore {
  /** Consistent. */
  readVisit(deploymentId: string): Promise<Visit | undefined>;
  /** Deployments whose visit is due, the earliest first, some of them. An index read. */
  listDueVisits(now: Instant): Promise<string[]>;
  /** If it is as `read`; false: somebody else has moved it, or the deployment has changed. */
  moveVisit(read: Visit, to: Visit | undefined): Promise<boolean>;
  /**
   * Once per id, in order, none that was deleted; and only while the deployment is of that
   * generation. 'outrun': it has changed since, so that those of the generation before are over.
   */
  createScheduledRuns(
    deploymentId: string,
    generation: number,
    runs: readonly NewRun[],
  ): Promise<'created' | 'outrun'>;
}

/** Beside a deployment whose schedules make runs, or made some before its last change. */
export interface Visit {
  readonly deploymentId: string;
  /** Of the deployment, as these visits plan it. */
  readonly generation: number;
  /** When that generation began: no time of before it is made. */
  readonly since: Instant;
  readonly at: Instant;
  /** By schedule: see plan.ts. */
  readonly until: Readonly<Record<string, Instant>>;
  /** When the runs of generations before were looked for last. */
  readonly clearedAt?: Instant;
}
