import type { NewRun } from './runs/run.ts';
import type { Instant, Micros } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

export const LATE_POLICIES = ['all', 'latest', 'skip'] as const;
/**
 * Which runs of a schedule still start if they were not claimed in time:
 * - `all`     all of them, as in Prefect
 * - `latest`  only the newest that is due: see core/dispatch/too-late.ts
 * - `skip`    none that is later than the schedule's grace
 */
export type LatePolicy = (typeof LATE_POLICIES)[number];

/** A schedule. It is part of its deployment's record: the two change together or not at all. */
export interface Schedule {
  readonly id: string;
  /** Unique in its deployment. */
  readonly slug: string | null;
  readonly active: boolean;
  readonly rule: ScheduleRule;
  /** How many runs are created ahead at most; null: see core/schedules/plan.ts. */
  readonly maxScheduledRuns: number | null;
  /** They override those of the deployment. */
  readonly parameters: JsonText;
  readonly latePolicy: LatePolicy;
  /** For `skip`: how late a run may start, in microseconds. */
  readonly lateGrace: Micros;
  /** Where it runs at other times than with Prefect, in sentences. Absent: nowhere. */
  readonly notices?: readonly string[];
  /**
   * Why the scheduler creates no more of its runs, in a sentence: its rule can no longer be read, or
   * takes too many steps. A change of the rule, or resuming the schedule, takes this back.
   */
  readonly setAside?: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Prefect's names of the three kinds, used for a schedule without a slug. */
const KIND_NAME = {
  cron: 'CronSchedule',
  interval: 'IntervalSchedule',
  rrule: 'RRuleSchedule',
} as const;

export const nameOf = ({ slug, rule }: Schedule): string => slug ?? KIND_NAME[rule.kind];

/**
 * When a schedule is due. A rule in wall-clock time meets two odd days a year:
 *
 * | kind | the time does not exist (clocks go forward) | the time occurs twice (clocks go back) |
 * |---|---|---|
 * | cron at some hours | at the first moment after the gap: 02:30 at 03:00 | once, the first time |
 * | cron at every hour | later by the length of the gap, when it is mostly due anyway | once, the first time |
 * | interval of whole days | later by the length of the gap: 02:30 at 03:30 | once, the first time |
 * | RRULE | not at this time: RFC 5545 says to ignore it | once, the first time |
 * | any other interval | does not matter: equal steps of UTC | does not matter |
 *
 * So a daily cron or interval is due once on every day of the year. All times are in microseconds.
 */
export type ScheduleRule = CronRule | IntervalRule | RecurrenceRule;

export interface CronRule {
  readonly kind: 'cron';
  /** Five to seven fields, or a word such as `@daily`: see core/schedules/rules/cron-text.ts. */
  readonly cron: string;
  readonly timezone: Timezone;
  /**
   * If both a day of the month and a day of the week are given. true: either may match; false:
   * both.
   */
  readonly dayOr: boolean;
}

export interface IntervalRule {
  readonly kind: 'interval';
  readonly interval: Micros;
  /** Due at this time, and at any number of steps before and after it. */
  readonly anchor: Instant;
  readonly timezone: Timezone;
}

export interface RecurrenceRule {
  readonly kind: 'rrule';
  /** RFC 5545, including its DTSTART. */
  readonly rrule: string;
  readonly timezone: Timezone;
}

/** An IANA name, such as `Europe/Berlin`. null: UTC. */
export type Timezone = string | null;

/**
 * The scheduler's visits: when it is to look at a deployment's schedules, and the runs it creates.
 */
export interface ScheduleStore {
  /** A consistent read. */
  readVisit(deploymentId: string): Promise<Visit | undefined>;
  /** Some of the deployments whose visit is due, earliest first. An index read. */
  listDueVisits(now: Instant): Promise<string[]>;
  /**
   * Only if the visit is still as `read`. False: another scheduler or a change of the deployment
   * moved it.
   */
  moveVisit(read: Visit, to: Visit | undefined): Promise<boolean>;
  /**
   * Creates runs in order, once per id, and none that was deleted, only while the deployment is of
   * that generation. 'outrun': the deployment has changed, so runs of that generation are obsolete.
   */
  createScheduledRuns(scheduled: Scheduled): Promise<'created' | 'outrun'>;
}

/** Runs of the schedules that a deployment had in that generation. */
export interface Scheduled {
  readonly deploymentId: string;
  readonly generation: number;
  readonly runs: readonly NewRun[];
}

/**
 * Stands beside a deployment whose schedules create runs, or created some before its last change.
 */
export interface Visit {
  readonly deploymentId: string;
  /** The generation of the deployment that this visit is planned for. */
  readonly generation: number;
  /** When that generation began: no run is created for a time before it. */
  readonly since: Instant;
  readonly at: Instant;
  /** By schedule id: all times up to here are done, see core/schedules/plan.ts. */
  readonly until: Readonly<Record<string, Instant>>;
  /** When the runs of earlier generations were last looked for. */
  readonly clearedAt?: Instant;
}
