import { describe, expect, test } from 'vitest';
import { nextTimes } from '../../core/schedules/next-times.ts';
import { fromIso, toIso } from '../../model/values/instant.ts';

const at = (text: string) => fromIso(text) ?? Number.NaN;
/** The times of a cron from an instant on, up to another. */
function within(cron: string, timezone: string, [from, to]: readonly string[]): string[] {
  const rule = { kind: 'cron', cron, timezone, dayOr: true } as const;
  const times = nextTimes(rule, at(from ?? '') - 1, 200);
  return times.filter((time) => time < at(to ?? '')).map((time) => toIso(time).slice(11, 16));
}
const next = (cron: string, after: string, count: number, dayOr = true) =>
  nextTimes({ kind: 'cron', cron, timezone: 'UTC', dayOr }, at(after), count).map((time) =>
    toIso(time).slice(0, 16),
  );

const BERLIN_SPRING = ['2026-03-28T23:00:00Z', '2026-03-29T03:00:00Z'];
const BERLIN_AUTUMN = ['2026-10-24T22:00:00Z', '2026-10-25T04:00:00Z'];

describe('a cron with several times a day, where the clocks of Berlin go forward (02:00 to 03:00)', () => {
  test.each([
    ['0 2,14 * * *', ['01:00']],
    ['0,30 2 * * *', ['01:00']],
    ['*/30 2 * * *', ['01:00']],
    ['15,45 2 * * *', ['01:00']],
    ['30 2,3 * * *', ['01:00', '01:30']],
    ['0 2-4 * * *', ['01:00', '02:00']],
    ['0 */2 * * *', ['23:00', '01:00', '02:00']],
    ['10 1-4 * * *', ['00:10', '01:00', '01:10', '02:10']],
    ['0 * * * *', ['23:00', '00:00', '01:00', '02:00']],
    ['30 * * * *', ['23:30', '00:30', '01:30', '02:30']],
    ['30 0-23 * * *', ['23:30', '00:30', '01:30', '02:30']],
  ])('%s loses no run and has none twice', (cron, times) => {
    expect(within(cron, 'Europe/Berlin', BERLIN_SPRING)).toEqual(times);
  });
});

describe('a cron with several times a day, where the clocks of Berlin go back (03:00 to 02:00)', () => {
  test.each([
    ['0 2,14 * * *', ['00:00']],
    ['0,30 2 * * *', ['00:00', '00:30']],
    ['0 2-4 * * *', ['00:00', '02:00', '03:00']],
    ['10 1-4 * * *', ['23:10', '00:10', '02:10', '03:10']],
    ['0 * * * *', ['22:00', '23:00', '00:00', '02:00', '03:00']],
    [
      '*/30 * * * *',
      ['22:00', '22:30', '23:00', '23:30', '00:00', '00:30', '02:00', '02:30', '03:00', '03:30'],
    ],
  ])('%s is due the first time only', (cron, times) => {
    expect(within(cron, 'Europe/Berlin', BERLIN_AUTUMN)).toEqual(times);
  });
});

test('where the clocks move by half an hour, a cron of every hour loses no run', () => {
  // Lord Howe Island, 2026-10-04: 02:00 becomes 02:30, which is 15:30 UTC.
  const night = ['2026-10-03T14:00:00Z', '2026-10-03T17:00:00Z'];
  expect(within('15 * * * *', 'Australia/Lord_Howe', night)).toEqual(['14:45', '15:45', '16:15']);
  expect(within('15 2,3 * * *', 'Australia/Lord_Howe', night)).toEqual(['15:30', '16:15']);
});

test('asked in the middle of a change, a cron answers as it did before', () => {
  for (const cron of ['*/7 * * * *', '15,45 2 * * *', '0 1-4 * * *', '5 * * * *']) {
    for (const [from = '', to = ''] of [BERLIN_SPRING, BERLIN_AUTUMN]) {
      const rule = { kind: 'cron', cron, timezone: 'Europe/Berlin', dayOr: true } as const;
      const all = nextTimes(rule, at(from), 60);
      for (let now = at(from); now < at(to); now += 300_000_000) {
        expect(nextTimes(rule, now, 1)).toEqual([all.find((time) => time > now)]);
      }
    }
  }
});

test.each([
  ['0/15 * * * *', ['00:15', '00:30', '00:45', '01:00']],
  ['5/15 * * * *', ['00:05', '00:20', '00:35', '00:50', '01:05']],
  ['0 22-6 * * *', ['01:00', '02:00', '03:00', '04:00', '05:00', '06:00', '22:00']],
  ['50-10/10 * * * *', ['00:10', '00:50', '01:00', '01:10']],
  ['*/90 * * * *', ['01:00', '02:00']],
  ['0 */25 * * *', ['00:00']],
  ['59/5 * * * *', ['00:59', '01:59']],
  ['5-5 * * * *', ['00:05', '01:05']],
  ['0 8/2 * * ?', ['08:00', '10:00']],
])('%s is due at its steps, and its range goes on at the start of the field', (cron, times) => {
  const seen = next(cron, '2026-03-02T00:00:00Z', times.length).map((time) => time.slice(11));
  expect(seen).toEqual(times);
});

test.each([
  ['0 9 * * fri-mon', ['2026-03-01T09:00', '2026-03-02T09:00', '2026-03-06T09:00']],
  ['0 9 * nov-feb 1', ['2026-11-02T09:00', '2026-11-09T09:00']],
  ['0 9 * * L5', ['2026-03-27T09:00', '2026-04-24T09:00']],
  ['0 9 28-L * *', ['2026-03-28T09:00', '2026-03-29T09:00']],
  ['0 9 * * 0-7', ['2026-03-01T09:00', '2026-03-02T09:00']],
  ['0 9 * * 7', ['2026-03-01T09:00', '2026-03-08T09:00']],
  ['0 9 * * 2#3', ['2026-03-17T09:00', '2026-04-21T09:00']],
  ['0 9 L * *', ['2026-03-31T09:00', '2026-04-30T09:00']],
  ['0 9 1,30 * *', ['2026-03-01T09:00', '2026-03-30T09:00']],
  ['0 0 */2 * 0-6', ['2026-03-03T00:00', '2026-03-05T00:00']],
  ['0 0 1 * *,1', ['2026-04-01T00:00', '2026-05-01T00:00']],
  ['@yearly', ['2027-01-01T00:00', '2028-01-01T00:00']],
])('%s names its days as Prefect reads them', (cron, times) => {
  expect(next(cron, '2026-03-01T00:00:00Z', times.length)).toEqual(times);
});

test('a sixth field is the second, and a seventh the year', () => {
  const rule = { kind: 'cron', cron: '0 12 * * * 30', timezone: null, dayOr: true } as const;
  expect(nextTimes(rule, at('2026-03-01T12:00:00Z'), 1)).toEqual([at('2026-03-01T12:00:30Z')]);
  expect(next('0 12 * * * 0 2027', '2026-03-01T12:00:00Z', 1)).toEqual(['2027-01-01T12:00']);
  expect(next('0 12 * * * 0 2025', '2026-03-01T12:00:00Z', 1)).toEqual([]);
});

test.each([
  ['60 * * * *', 'the minute "60" is not 0 to 59'],
  ['0 9 * * bad', 'the day of the week "bad" is not 0 to 7, or sun to sat'],
  ['0 9 * 0 *', 'the month "0" is not 1 to 12, or jan to dec'],
  ['*/0 * * * *', 'the step of */0 is no number from 1 on'],
  ['0 9 * * 1#6', '1#6: a month has no such week'],
  ['0 9 * * 1#1,2', '1#1,2 has days of the week with # or L beside days without'],
  ['h * * * *', 'the minute "h" is not 0 to 59'],
  ['0 9 * *', 'it needs five fields (six with a second, seven with a year), not 4'],
  ['', 'it needs five fields (six with a second, seven with a year), not none'],
  ['-5 * * * *', 'the minute "" in -5 is not 0 to 59'],
  ['0 9 15-l-3 * *', '15-l-3 is no range'],
])('%s is refused, and the sentence says which part', (cron, why) => {
  expect(() => next(cron, '2026-03-01T00:00:00Z', 1)).toThrow(
    `The cron ${JSON.stringify(cron)} cannot be read: ${why}.`,
  );
});
