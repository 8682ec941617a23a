import { Cron } from 'croner';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type {
  CronRule,
  IntervalRule,
  RecurrenceRule,
  ScheduleRule,
  Timezone,
} from '../../model/schedules.ts';
import { DibsError } from '../../model/values/errors.ts';
import { HOUR, type Instant } from '../../model/values/instant.ts';

/**
 * Returns the next times of a rule after an instant, in order; fewer than `count` if the rule ends.
 * @throws DibsError invalid_request if the rule cannot be parsed
 */
export function nextTimes(rule: ScheduleRule, after: Instant, count: number): Instant[] {
  const times: Instant[] = [];
  for (const time of timesAfter(rule, after)) {
    if (times.length >= count) break;
    times.push(time);
  }
  return times;
}

/** The same times, as a generator. */
export function* timesAfter(rule: ScheduleRule, after: Instant): Generator<Instant, void> {
  const next = stepper(rule);
  for (let time = next(after); time !== undefined; time = next(time)) yield time;
}

/**
 * Returns a recurrence rule with a start: its own DTSTART, or else 2020-01-01T00:00:00, as in
 * Prefect. A rule that ends after a COUNT would already be over then, so it starts at `at` instead.
 */
export function withStart(rrule: string, timezone: Timezone, at: Instant): string {
  if (/^DTSTART/im.test(rrule)) return rrule;
  if (!/COUNT=/i.test(rrule)) return `DTSTART:20200101T000000\n${rrule}`;
  const wall = zoned(at, inTimeZone(timezone)).toPlainDateTime();
  const start = wall.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
  return `DTSTART:${start}\n${rrule}`;
}

type Step = (after: Instant) => Instant | undefined;

function stepper(rule: ScheduleRule): Step {
  const timezone = inTimeZone(rule.timezone);
  if (rule.kind === 'cron') return cronStep(rule, timezone);
  if (rule.kind === 'rrule') return recurrenceStep(rule, timezone);
  if (!(Number.isSafeInteger(rule.interval) && rule.interval >= SHORTEST)) {
    throw invalid(`The interval ${rule.interval / 1e6} is too short: at least one second.`);
  }
  return rule.interval < 24 * HOUR ? equalStep(rule) : wallClockStep(rule, timezone);
}

/** The shortest interval, in microseconds: schedules are given in seconds. */
const SHORTEST = 1_000_000;

function cronStep({ cron, dayOr }: CronRule, timezone: string): Step {
  const read = () => new Cron(cron, { timezone, mode: '5-part', domAndDow: !dayOr, paused: true });
  const pattern = readAs(`The cron ${JSON.stringify(cron)}`, read);
  return (after) => {
    const next = pattern.nextRun(toDate(after));
    return next === null ? undefined : next.getTime() * 1000;
  };
}

function recurrenceStep({ rrule }: RecurrenceRule, timezone: string): Step {
  const what = 'The recurrence rule';
  if (!/^DTSTART/im.test(rrule)) throw invalid(`${what} has no DTSTART.`);
  // The library would silently ignore them.
  if (/^EXRULE/im.test(rrule) || (rrule.match(/^RRULE:/gim) ?? []).length > 1) {
    throw invalid(`${what} has an EXRULE or more than one RRULE: give one RRULE, and EXDATEs.`);
  }
  // Prefect accepts a rule that starts with FREQ, without `RRULE:`.
  const named = rrule.replace(/^(?=FREQ=)/im, 'RRULE:');
  const pattern = readAs(
    what,
    () => new RRuleTemporal({ rruleString: named, tzid: timezone, temporal: Temporal }),
  );
  return (after) => {
    const next = readAs(what, () => pattern.next(toDate(after)));
    return next === null ? undefined : next.epochMilliseconds * 1000;
  };
}

const equalStep =
  ({ interval, anchor }: IntervalRule): Step =>
  (after) =>
    anchor + (Math.floor((after - anchor) / interval) + 1) * interval;

/** Intervals of a day or more follow the wall clock, on which a day has 23, 24 or 25 hours. */
function wallClockStep({ interval, anchor }: IntervalRule, timezone: string): Step {
  const start = zoned(anchor, timezone).toPlainDateTime();
  const rest = anchor - millisOf(anchor) * 1000;
  const nth = (n: number): Instant => {
    const millis = (n * interval) / 1000;
    const at = start.add({ milliseconds: Math.floor(millis) }).toZonedDateTime(timezone);
    return at.epochMilliseconds * 1000 + rest;
  };
  return (after) => {
    // The wall clock is always less than a day from UTC, so the next time is this step or one of
    // the next two.
    let n = Math.floor((after - anchor) / interval) - 1;
    while (nth(n) <= after) n++;
    return nth(n);
  };
}

/** @throws DibsError invalid_request */
function inTimeZone(timezone: Timezone): string {
  if (timezone === null) return 'UTC';
  return readAs(`The time zone ${JSON.stringify(timezone)}`, () => {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone);
    return timezone;
  });
}

const millisOf = (at: Instant): number => Math.floor(at / 1000);
const zoned = (at: Instant, timezone: string) =>
  Temporal.Instant.fromEpochMilliseconds(millisOf(at)).toZonedDateTimeISO(timezone);
// biome-ignore lint/style/noRestrictedGlobals: a pure conversion, not a clock.
const toDate = (at: Instant): Date => new Date(millisOf(at));

function readAs<Read>(what: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    throw invalid(`${what} cannot be read: ${(error as Error).message}`, error);
  }
}

const invalid = (message: string, cause?: unknown) =>
  new DibsError('invalid_request', message, {
    cause,
    hint: 'Give a cron of five fields, an interval in seconds, or an RRULE, and an IANA time zone.',
  });
