import type { NewRun } from './runs/run.ts';
import type { Instant, Micros } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

export const LATE_POLICIES = ['all', 'latest', 'skip'] as const;
/**
 * Which runs of a schedule still start when nobody claimed them in time:
 * - `all`     every one, as in Prefect
 * - `latest`  only the newest that is due: see core/dispatch/too-late.ts
 * - `skip`    none later than the schedule's grace
 */
export type LatePolicy = (typeof LATE_POLICIES)[number];

/** It stands in the record of its deployment: they change together, or not at all. */
export interface Schedule {
  readonly id: string;
  /** Unique in its deployment. */
  readonly slug: string | null;
  readonly active: boolean;
  readonly rule: ScheduleRule;
  /** How many of its runs are made ahead at the most; null: see plan.ts. */
  readonly maxScheduledRuns: number | null;
  /** Over those of its deployment. */
  readonly parameters: JsonText;
  readonly latePolicy: LatePolicy;
  /** For `skip`: microseconds. */
  readonly lateGrace: Micros;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Prefect's names of the three kinds: what a schedule without a slug is called. */
const KIND_NAME = {
  cron: 'CronSchedule',
  interval: 'IntervalSchedule',
  rrule: 'RRuleSchedule',
} as const;

export const nameOf = ({ slug, rule }: Schedule): string => slug ?? KIND_NAME[rule.kind];

/**
 * When a schedule is due. What is said in wall-clock time meets two odd days a year:
 *
 * | kind | the time is missing (clocks go forward) | the time comes twice (clocks go back) |
 * |---|---|---|
 * | cron | at the first moment after the gap: 02:30 at 03:00 | once, the first time |
 * | interval of a day or more | as much later as the gap is long: 02:30 at 03:30 | once, the first time |
 * | RRULE | not on that day: RFC 5545 has it ignored | once, the first time |
 * | interval of less than a day | does not matter: equal steps of UTC | does not matter |
 *
 * So a daily cron or interval is due once on every day of the year. All times are in microseconds.
 */
export type ScheduleRule = CronRule | IntervalRule | RecurrenceRule;

export interface CronRule {
  readonly kind: 'cron';
  /** Five fields, or a word such as `@daily`. */
  readonly cron: string;
  readonly timezone: Timezone;
  /** Where both days of the month and of the week are given: true, either will do; false, both must. */
  readonly dayOr: boolean;
}

export interface IntervalRule {
  readonly kind: 'interval';
  readonly interval: Micros;
  /** Due at this time, and any number of steps before and after it. */
  readonly anchor: Instant;
  readonly timezone: Timezone;
}

export interface RecurrenceRule {
  readonly kind: 'rrule';
  /** RFC 5545, with its DTSTART: see withStart(). */
  readonly rrule: string;
  readonly timezone: Timezone;
}

/** Of IANA: `Europe/Berlin`. null: UTC. */
export type Timezone = string | null;

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
  createScheduledRuns(scheduled: Scheduled): Promise<'created' | 'outrun'>;
}

/** Runs of a deployment's schedules, as they were in that generation of it. */
export interface Scheduled {
  readonly deploymentId: string;
  readonly generation: number;
  readonly runs: readonly NewRun[];
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
