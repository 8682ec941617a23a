import type { CronRule, RecurrenceRule, ScheduleRule, Timezone } from '../../model/schedules.ts';
import { DibsError } from '../../model/values/errors.ts';
import { type Instant, SECOND, toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { cronWalls, isEveryHour } from './rules/cron.ts';
import { readCron } from './rules/cron-text.ts';
import { intervalTimes } from './rules/interval.ts';
import { onTheClock } from './rules/on-the-clock.ts';
import { recurrenceWalls } from './rules/recurrence.ts';
import { refused } from './rules/recurrence-date.ts';
import { readRecurrence } from './rules/recurrence-text.ts';
import { Steps } from './rules/steps.ts';
import { type Zone, zoneOf } from './rules/zone.ts';

/**
 * Returns the next times of a rule after an instant, in order; fewer than `count` if the rule ends.
 * @throws DibsError invalid_request if the rule cannot be read, or takes too many steps
 */
export function nextTimes(rule: ScheduleRule, after: Instant, count: number): Instant[] {
  const times: Instant[] = [];
  if (count < 1) return times;
  for (const time of timesAfter(rule, after)) {
    if (times.push(time) >= count) break;
  }
  return times;
}

/** The same times, as a generator. All of them together may take NUMBERS.ruleSteps steps. */
export function timesAfter(rule: ScheduleRule, after: Instant): Generator<Instant, void> {
  const zone = inTimeZone(rule.timezone);
  if (rule.kind === 'cron') return cronTimes(rule, zone, after);
  if (rule.kind === 'rrule') return recurrenceTimes(rule, zone, after);
  if (!(Number.isSafeInteger(rule.interval) && rule.interval >= SECOND)) {
    throw invalid(`The interval ${rule.interval / 1e6} is too short: at least one second.`);
  }
  return intervalTimes(rule, zone, after);
}

/**
 * Returns a recurrence rule with a start: its own DTSTART, or else 2020-01-01T00:00:00, as in
 * Prefect. A rule that ends after a COUNT would already be over then, so it starts at `at` instead.
 * @throws DibsError invalid_request if the rule cannot be read
 */
export function withStart(rrule: string, timezone: Timezone, at: Instant): string {
  const { start, rules } = readRecurrence(rrule);
  if (start !== undefined) return rrule;
  if (rules.every(({ count }) => count === undefined)) return `DTSTART:20200101T000000\n${rrule}`;
  const wall = toIso(inTimeZone(timezone).wallOf(Math.floor(at / SECOND)) * SECOND);
  return `DTSTART:${wall.slice(0, 19).replaceAll(/[-:]/g, '')}\n${rrule}`;
}

function cronTimes({ cron, dayOr }: CronRule, zone: Zone, after: Instant) {
  const fields = readCron(cron);
  const steps = new Steps(
    NUMBERS.ruleSteps,
    `Times of the cron ${JSON.stringify(cron)} cannot be found`,
  );
  const walls = (from: number) => cronWalls(fields, dayOr, from, steps);
  // A cron of every hour has a time soon after the gap anyway.
  return onTheClock(walls, zone, isEveryHour(fields) ? 'later' : 'at its end', after);
}

function recurrenceTimes({ rrule }: RecurrenceRule, zone: Zone, after: Instant) {
  const recurrence = readRecurrence(rrule);
  const { start } = recurrence;
  if (start === undefined) throw refused('it has no DTSTART', 'Give one: DTSTART:20260301T090000');
  const steps = new Steps(NUMBERS.ruleSteps, 'Times of the recurrence rule cannot be found');
  const walls = (from: number) => recurrenceWalls(recurrence, start, from, steps);
  return onTheClock(walls, zone, 'left out', after);
}

/** @throws DibsError invalid_request */
function inTimeZone(timezone: Timezone): Zone {
  try {
    return zoneOf(timezone);
  } catch (error) {
    const message = `The time zone ${JSON.stringify(timezone)} cannot be read: ${(error as Error).message}`;
    throw invalid(message, error);
  }
}

const invalid = (message: string, cause?: unknown) =>
  new DibsError('invalid_request', message, {
    cause,
    hint: 'Give a cron of five fields, an interval in seconds, or an RRULE, and an IANA time zone.',
  });
