import { describe, expect, test } from 'vitest';
import { plan } from '../../core/schedules/plan.ts';
import type { Schedule, ScheduleRule } from '../../model/schedules.ts';
import {
  DAY,
  fromIso,
  HOUR,
  type Instant,
  MINUTE,
  SECOND,
  toIso,
} from '../../model/values/instant.ts';
import { EMPTY_OBJECT } from '../../model/values/json-text.ts';

const NOW = fromIso('2026-06-01T12:00:00Z') as Instant;
const every = (interval: Instant): ScheduleRule => ({
  kind: 'interval',
  interval,
  anchor: NOW,
  timezone: null,
});
const scheduleOf = (rule: ScheduleRule, more: Partial<Schedule> = {}): Schedule => ({
  id: 's',
  slug: null,
  active: true,
  rule,
  maxScheduledRuns: null,
  parameters: EMPTY_OBJECT,
  latePolicy: 'all',
  lateGrace: 5 * MINUTE,
  createdAt: 0,
  updatedAt: 0,
  ...more,
});
const planned = (rule: ScheduleRule, more: Partial<Schedule> = {}, until = NOW, now = NOW) =>
  plan(scheduleOf(rule, more), until, now);

/** What is made ahead at once, how far it reaches, and when it is looked at again. */
const AHEAD: readonly [string, ScheduleRule, number, Instant, Instant][] = [
  ['each day: 3', every(DAY), 3, 3 * DAY, DAY],
  ['each hour: 3', every(HOUR), 3, 3 * HOUR, HOUR],
  ['each 10 minutes: an hour', every(10 * MINUTE), 6, HOUR, SECOND],
  ['each 25 minutes: over an hour', every(25 * MINUTE), 3, 75 * MINUTE, 15 * MINUTE],
  ['each 10 seconds: 100', every(10 * SECOND), 100, 1000 * SECOND, 500 * SECOND],
  ['each 40 days: those of 100 days', every(40 * DAY), 2, 80 * DAY, 20 * DAY],
  ['each 150 days: none yet', every(150 * DAY), 0, 0, 50 * DAY],
];

test.each(AHEAD)('%s', (_, rule, count, reach, visitIn) => {
  const { times, until, visitAt } = planned(rule);
  expect(times).toHaveLength(count);
  expect(until - NOW).toBe(reach);
  expect((visitAt ?? 0) - NOW).toBe(visitIn);
});

test('what was made before is not made again, and the rest is', () => {
  const first = planned(every(HOUR));
  const later = planned(every(HOUR), {}, first.until, NOW + HOUR + SECOND);
  expect(later.times).toEqual([NOW + 4 * HOUR]);
  expect(planned(every(HOUR), {}, first.until, NOW + MINUTE).times).toEqual([]);
});

test('max_scheduled_runs bounds what is ahead, and it is looked at when half of it is used', () => {
  const { times, visitAt } = planned(every(MINUTE), { maxScheduledRuns: 5 });
  expect(times).toHaveLength(5);
  expect(visitAt).toBe(NOW + 3 * MINUTE);
});

test('a rule that ends is looked at no more', () => {
  const rrule = 'DTSTART:20260601T130000Z\nRRULE:FREQ=HOURLY;COUNT=2';
  const { times, nexts, visitAt } = planned({ kind: 'rrule', rrule, timezone: 'UTC' });
  expect(times.map(toIso)).toEqual(['2026-06-01T13:00:00.000000Z', '2026-06-01T14:00:00.000000Z']);
  expect(nexts).toEqual([times[1], undefined]);
  expect(visitAt).toBeUndefined();
});

describe('after three days in which nobody looked', () => {
  const then = NOW + 3 * DAY;
  const missed = (more: Partial<Schedule>, rule = every(HOUR)) => {
    const { times, ...rest } = planned(rule, more, NOW, then);
    return { ...rest, missed: times.filter((time) => time <= then) };
  };

  test('all: every time is made up for', () => {
    expect(missed({}).missed).toHaveLength(72);
  });

  test('all, of many: some at once, in order, and the next look is now', () => {
    const first = missed({}, every(MINUTE));
    expect(first.missed).toHaveLength(500);
    expect(first).toMatchObject({ until: NOW + 500 * MINUTE, visitAt: then });
    const next = planned(every(MINUTE), {}, first.until, then);
    expect(next.times[0]).toBe(NOW + 501 * MINUTE);
  });

  test('exactly as many as a visit makes: that visit goes on to what is ahead', () => {
    const { missed: times, visitAt } = missed({}, every((3 * DAY) / 500));
    expect(times).toHaveLength(500);
    expect(visitAt).toBeGreaterThan(then);
  });

  test('latest: the last one, told of the one that follows it', () => {
    const late = planned(every(7 * HOUR), { latePolicy: 'latest' }, NOW, then);
    expect(late.times[0]).toBe(NOW + 70 * HOUR);
    expect(late.nexts[0]).toBe(NOW + 77 * HOUR);
  });

  test('latest, of a rare one: nothing that was made before', () => {
    const late = planned(every(70 * HOUR), { latePolicy: 'latest' }, NOW + 71 * HOUR, then);
    expect(late.times[0]).toBe(NOW + 140 * HOUR);
  });

  test('skip: those within the grace', () => {
    const skip = { latePolicy: 'skip', lateGrace: 150 * MINUTE } as const;
    expect(missed(skip).missed).toEqual([then - 2 * HOUR, then - HOUR, then]);
  });
});
