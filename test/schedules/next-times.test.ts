import { describe, expect, test } from 'vitest';
import { nextTimes, withStart } from '../../core/schedules/next-times.ts';
import type { ScheduleRule } from '../../model/schedules.ts';
import { fromIso, toIso } from '../../model/values/instant.ts';

const at = (text: string) => fromIso(text) ?? Number.NaN;
const times = (rule: ScheduleRule, after: string, count = 3) =>
  nextTimes(rule, at(after), count).map((time) => `${toIso(time).slice(0, 16)}Z`);
const cron = (text: string, timezone = 'UTC', dayOr = true) =>
  ({ kind: 'cron', cron: text, timezone, dayOr }) as const;
const rrule = (text: string, timezone = 'UTC') =>
  ({ kind: 'rrule', rrule: text, timezone }) as const;
const daily = (clock: string, timezone: string) =>
  rrule(`DTSTART:20260101T${clock}00\nRRULE:FREQ=DAILY`, timezone);

/** The day before, the odd day, the day after; worked out by hand. */
const MISSING = [
  [
    'Europe/Berlin',
    '30 2',
    '0230',
    '2026-03-27T12:00:00Z',
    '03-28T01:30Z',
    '03-29T01:00Z',
    '03-29T01:30Z',
    '03-30T00:30Z',
  ],
  [
    'America/New_York',
    '30 2',
    '0230',
    '2026-03-06T12:00:00Z',
    '03-07T07:30Z',
    '03-08T07:00Z',
    '03-08T07:30Z',
    '03-09T06:30Z',
  ],
  [
    'Australia/Lord_Howe',
    '15 2',
    '0215',
    '2026-10-02T12:00:00Z',
    '10-02T15:45Z',
    '10-03T15:30Z',
    '10-03T15:45Z',
    '10-04T15:15Z',
  ],
] as const;
const DOUBLED = [
  [
    'Europe/Berlin',
    '30 2',
    '0230',
    '2026-10-23T12:00:00Z',
    '10-24T00:30Z',
    '10-25T00:30Z',
    '10-26T01:30Z',
  ],
  [
    'America/New_York',
    '30 1',
    '0130',
    '2026-10-30T12:00:00Z',
    '10-31T05:30Z',
    '11-01T05:30Z',
    '11-02T06:30Z',
  ],
  [
    'Australia/Lord_Howe',
    '45 1',
    '0145',
    '2026-04-03T12:00:00Z',
    '04-03T14:45Z',
    '04-04T14:45Z',
    '04-05T15:15Z',
  ],
] as const;
const of2026 = (...days: string[]) => days.map((day) => `2026-${day}`);

describe('where the time of day is missing', () => {
  test.each(MISSING)(
    'in %s a cron is due right after the gap, once',
    (zone, clock, _, after, a, b, __, d) => {
      expect(times(cron(`${clock} * * *`, zone), after)).toEqual(of2026(a, b, d));
    },
  );
  test.each(MISSING)(
    'in %s an RRULE is not due on that day',
    (zone, _, clock, after, a, __, ___, d) => {
      expect(times(daily(clock, zone), after, 2)).toEqual(of2026(a, d));
    },
  );
  test.each(MISSING)(
    'in %s a daily interval is due as much later as the gap is long',
    (timezone, _, __, after, a, ___, c, d) => {
      const interval = 86_400_000_000;
      const rule = { kind: 'interval', interval, anchor: at(`2026-${a}`), timezone } as const;
      expect(times(rule, after)).toEqual(of2026(a, c, d));
    },
  );
});

describe('where the time of day comes twice', () => {
  test.each(DOUBLED)(
    'in %s a cron is due the first time, once',
    (zone, clock, _, after, ...days) => {
      expect(times(cron(`${clock} * * *`, zone), after)).toEqual(of2026(...days));
    },
  );
  test.each(DOUBLED)(
    'in %s an RRULE is due the first time, once',
    (zone, _, clock, after, ...days) => {
      expect(times(daily(clock, zone), after)).toEqual(of2026(...days));
    },
  );
});

test('a short interval is equal steps of UTC, whatever its time zone, and has no first time', () => {
  const anchor = at('2026-03-28T23:00:00Z');
  const rule = {
    kind: 'interval',
    interval: 3_600_000_000,
    anchor,
    timezone: 'Europe/Berlin',
  } as const;
  expect(times(rule, '2026-03-29T00:00:00Z')).toEqual(
    of2026('03-29T01:00Z', '03-29T02:00Z', '03-29T03:00Z'),
  );
  expect(times(rule, '2020-01-01T00:30:00Z', 1)).toEqual(['2020-01-01T01:00Z']);
});

test('a time that is given is not among the next ones', () => {
  expect(times(cron('0 9 * * *'), '2026-03-01T09:00:00Z', 1)).toEqual(['2026-03-02T09:00Z']);
  const rule = rrule('DTSTART:20260301T090000\nRRULE:FREQ=DAILY');
  expect(times(rule, '2026-03-01T09:00:00Z', 1)).toEqual(['2026-03-02T09:00Z']);
});

test('days of the month and of the week: either will do, or both must', () => {
  expect(times(cron('0 0 13 * 5'), '2026-02-01T00:00:00Z', 2)).toEqual(
    of2026('02-06T00:00Z', '02-13T00:00Z'),
  );
  expect(times(cron('0 0 13 * 5', 'UTC', false), '2026-02-01T00:00:00Z')).toEqual(
    of2026('02-13T00:00Z', '03-13T00:00Z', '11-13T00:00Z'),
  );
});

test('a rule that ends has fewer times, and one that is never due has none', () => {
  const twice = rrule('DTSTART:20260301T090000\nRRULE:FREQ=DAILY;COUNT=2');
  expect(times(twice, '2026-01-01T00:00:00Z')).toEqual(of2026('03-01T09:00Z', '03-02T09:00Z'));
  expect(times(cron('0 0 30 2 *'), '2026-01-01T00:00:00Z')).toEqual([]);
});

test('a rule without DTSTART gets one, in its time zone', () => {
  const now = at('2026-07-01T10:00:00.5Z');
  expect(withStart('FREQ=DAILY', 'Europe/Berlin', now)).toBe('DTSTART:20200101T000000\nFREQ=DAILY');
  const text = withStart('FREQ=DAILY;COUNT=9', 'Europe/Berlin', now);
  expect(text).toBe('DTSTART:20260701T120000\nFREQ=DAILY;COUNT=9');
  expect(withStart(text, 'UTC', 0)).toBe(text);
  expect(times(rrule(text, 'Europe/Berlin'), '2026-07-01T10:00:00Z', 1)).toEqual([
    '2026-07-02T10:00Z',
  ]);
});

test.each([
  cron('61 * * * *'),
  cron('* * * *'),
  cron('nonsense'),
  cron('0 9 * * *', 'Mars/Olympus'),
  rrule('DTSTART:20260301T090000\nRRULE:FREQ=NEVER'),
  rrule('FREQ=DAILY'),
  rrule('DTSTART:20260301T090000\nRRULE:FREQ=DAILY;RSCALE=GREGORIAN'),
  rrule('DTSTART:20260301T090000\nRRULE:FREQ=DAILY\nLOCATION:Berlin'),
  { kind: 'interval', interval: 0, anchor: 0, timezone: 'UTC' } as const,
])('%o cannot be read, and that is told', (rule) => {
  expect(() => nextTimes(rule, 0, 1)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});

test('an interval of a day and a half is equal steps of UTC, summer and winter', () => {
  const anchor = at('2026-01-01T12:00:00Z');
  const rule = {
    kind: 'interval',
    interval: 129_600_000_000,
    anchor,
    timezone: 'Europe/Berlin',
  } as const;
  expect(times(rule, '2026-07-01T00:00:00Z', 2)).toEqual(of2026('07-02T00:00Z', '07-03T12:00Z'));
});
