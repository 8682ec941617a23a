import { DAY, MINUTE, SECOND } from './instant.ts';

/** The numbers of NUMBERS (numbers.ts) that bound schedules and their runs. */
export const OF_SCHEDULES = {
  /** Fewest runs of a schedule that are created ahead. Prefect's value. */
  madeAheadAtLeast: 3,
  /** Most runs of a schedule that are created ahead. Prefect's value. */
  madeAheadAtMost: 100,
  /** How far ahead runs of a schedule are created. Prefect's value. */
  madeAheadFor: 100 * DAY,
  /** Missed times of one schedule that one visit makes up for; the next visit follows at once. */
  missedPerVisit: 500,
  /** Runs of a schedule in one transaction, which is limited to 100 items and 4 MB. */
  scheduledAtOnce: 25,
  /** How long after a change runs of the former generation are looked for again: an index lags. */
  indexSettles: 30 * SECOND,
  /** Most schedules of one deployment: they are stored in its record. */
  schedules: 100,
  /** Characters of an RRULE. Prefect's bound: about a year of RDATEs. */
  rruleCharacters: 6_500,
  /**
   * Days, periods and dates that are looked at to list times of a rule: some 10 ms. A rule that
   * needs more is refused.
   */
  ruleSteps: 100_000,
  /** The same for finding the last time of a rule with a COUNT, once per process. */
  countedSteps: 400_000,
  /** Rules with a COUNT whose last time a process remembers, 200 bytes each. */
  endsKnown: 1_000,
  /** How late a run may start under `skip`, if the schedule does not say. */
  lateGrace: 5 * MINUTE,
  /** Due deployments of one shard that are read at once. */
  dueVisits: 100,
  /** Deployments that are visited at once. */
  visitsAtOnce: 4,
  /** How long one call of the scheduler goes on; the next call is a minute later. */
  schedulesFor: 40 * SECOND,
  /** Most runs of a schedule that one request may create by hand. */
  madeByHand: 1_000,
} as const;
