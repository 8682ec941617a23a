import type { Instant } from './instant.ts';
import type { JsonText } from './json-text.ts';
import type { ScheduleRule } from './next-times.ts';
import type { Deployment } from './records.ts';

export const LATE_POLICIES = ['all', 'latest', 'skip'] as const;
/**
 * Which runs of a schedule still start when nobody claimed them in time:
 * - `all`     every one, as in Prefect
 * - `latest`  only the newest that is due: see late-policy.ts
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
  readonly lateGrace: Instant;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Of a run that a schedule made: which one, and what it is called. */
export interface MadeBy {
  readonly scheduleId: string;
  readonly name: string;
}

type Scheduling = Pick<Deployment, 'paused' | 'schedules'>;

export const activeSchedules = ({ paused, schedules }: Scheduling): readonly Schedule[] =>
  paused ? [] : schedules.filter(({ active }) => active);

/** Prefect's names of the three kinds: what a schedule without a slug is called. */
const KIND_NAME = {
  cron: 'CronSchedule',
  interval: 'IntervalSchedule',
  rrule: 'RRuleSchedule',
} as const;

export const nameOf = ({ slug, rule }: Schedule): string => slug ?? KIND_NAME[rule.kind];
