import { describe, expect, test } from 'vitest';
import { checkRule } from '../../core/schedules/check-rule.ts';
import { nextTimes, withStart } from '../../core/schedules/next-times.ts';
import { fromIso, toIso } from '../../model/values/instant.ts';

const at = (text: string) => fromIso(text) ?? Number.NaN;
const rule = (rrule: string, timezone = 'UTC') => ({ kind: 'rrule', rrule, timezone }) as const;
const times = (text: string, timezone: string, after: string, count: number) =>
  nextTimes(rule(text, timezone), at(after), count).map((time) => toIso(time).slice(5, 16));
const START = 'DTSTART:20260101T090000\n';

describe('every date of a rule is on the clock of its schedule, as with Prefect', () => {
  test('EXDATE and RDATE, as Prefect’s client writes them: wall times with a Z', () => {
    const holidays = `${START}RRULE:FREQ=DAILY\nEXDATE:20260702T090000Z,20260704T090000Z\nRDATE:20260703T150000Z`;
    expect(times(holidays, 'America/New_York', '2026-07-01T00:00:00Z', 4)).toEqual([
      ...['07-01T13:00', '07-03T13:00', '07-03T19:00', '07-05T13:00'],
    ]);
  });

  test.each([
    ['DTSTART:20260101T090000Z', 'America/New_York', '07-01T13:00'],
    ['DTSTART;TZID=America/New_York:20260101T090000', 'Europe/Berlin', '07-01T07:00'],
    ['DTSTART;TZID=America/New_York:20260101T090000', 'UTC', '07-01T09:00'],
    ['DTSTART;VALUE=DATE:20260101', 'Europe/Berlin', '07-01T22:00'],
    ['DTSTART:20260101', 'UTC', '07-02T00:00'],
  ])('%s in %s', (start, zone, due) => {
    expect(times(`${start}\nRRULE:FREQ=DAILY`, zone, '2026-07-01T00:00:00Z', 1)).toEqual([due]);
  });

  test('a DTSTART in a gap moves no other day', () => {
    const daily = 'DTSTART:20260329T023000\nRRULE:FREQ=DAILY';
    expect(times(daily, 'Europe/Berlin', '2026-03-28T00:00:00Z', 2)).toEqual([
      ...['03-30T00:30', '03-31T00:30'],
    ]);
  });
});

describe('steps of hours and minutes are steps on the clock', () => {
  test.each([
    ['FREQ=HOURLY;INTERVAL=6', ['04:00', '10:00', '16:00', '22:00']],
    ['FREQ=HOURLY;INTERVAL=24', ['22:00']],
    ['FREQ=HOURLY;INTERVAL=4;BYDAY=MO,TU,WE,TH,FR', ['02:00', '06:00', '10:00']],
    ['FREQ=MINUTELY;INTERVAL=90', ['01:00', '02:30', '04:00']],
  ])('%s is at the same hours all year', (part, due) => {
    const text = `DTSTART:20260101T000000\nRRULE:${part}`;
    const seen = times(text, 'Europe/Berlin', '2026-07-01T00:00:00Z', due.length);
    expect(seen.map((time) => time.slice(6))).toEqual(due);
  });
});

test('an hour that comes twice is due once, and one that is missing is left out', () => {
  const hourly = 'DTSTART:20260101T000000\nRRULE:FREQ=HOURLY';
  expect(times(hourly, 'Europe/Berlin', '2026-10-24T23:30:00Z', 2)).toEqual([
    ...['10-25T00:00', '10-25T02:00'],
  ]);
  const odd = 'DTSTART:20260101T000000\nRRULE:FREQ=HOURLY;INTERVAL=2';
  expect(times(odd, 'Europe/Berlin', '2026-03-28T22:30:00Z', 2)).toEqual([
    ...['03-28T23:00', '03-29T02:00'],
  ]);
});

test('UNTIL as a date ends before that day', () => {
  const daily = `${START}RRULE:FREQ=DAILY;UNTIL=20261202`;
  expect(times(daily, 'UTC', '2026-11-30T00:00:00Z', 9)).toEqual(['11-30T09:00', '12-01T09:00']);
});

test('a rule with a large COUNT is due to its last time, whenever it is asked', () => {
  const text = 'DTSTART:20260101T000000\nRRULE:FREQ=MINUTELY;COUNT=100000';
  expect(times(text, 'UTC', '2026-01-08T00:00:00Z', 1)).toEqual(['01-08T00:01']);
  expect(times(text, 'UTC', '2026-03-11T10:37:00Z', 9)).toEqual(['03-11T10:38', '03-11T10:39']);
  const daily = 'DTSTART:20000101T000000\nRRULE:FREQ=DAILY;COUNT=100000';
  expect(times(daily, 'UTC', '2126-03-11T10:37:00Z', 1)).toEqual(['03-12T00:00']);
  expect(() => checkRule(rule(text), at('2026-03-01T00:00:00Z'))).not.toThrow();
});

test.each([
  ['FREQ=WEEKLY;BYWEEKDAY=MO', ['03-02T09:00', '03-09T09:00']],
  ['INTERVAL=2;FREQ=DAILY', ['03-02T09:00', '03-04T09:00']],
  ['BYHOUR=7;FREQ=DAILY', ['03-01T07:00', '03-02T07:00']],
  ['RRULE:FREQ=MONTHLY;BYDAY=MO(+2)', ['03-09T09:00', '04-13T09:00']],
  ['RRULE:FREQ=MONTHLY;BYDAY=-1FR', ['03-27T09:00', '04-24T09:00']],
  ['RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', ['03-31T09:00', '04-30T09:00']],
  ['RRULE:FREQ=YEARLY;BYEASTER=1', ['04-06T09:00', '03-29T09:00']],
  ['RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', ['05-11T09:00', '05-17T09:00']],
  ['RRULE:FREQ=YEARLY;BYYEARDAY=-1', ['12-31T09:00', '12-31T09:00']],
  ['RRULE:FREQ=DAILY\nEXRULE:FREQ=DAILY;INTERVAL=2', ['03-01T09:00', '03-03T09:00']],
  ['RRULE:FREQ=YEARLY\nRRULE:FREQ=WEEKLY;BYDAY=TU', ['03-03T09:00', '03-10T09:00']],
  ['RDATE:20261205T110000,20261203T110000', ['12-03T11:00', '12-05T11:00']],
  ['RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,WE', ['03-08T09:00', '03-11T09:00']],
])('%s is understood', (text, due) => {
  expect(times(`${START}${text}`, 'UTC', '2026-03-01T00:00:00Z', 2)).toEqual(due);
});

test.each([
  ['FREQ=DAILY;RSCALE=GREGORIAN', 'it has the unknown part "RSCALE=GREGORIAN"'],
  ['FREQ=DAILY; BYHOUR=9', 'it has the unknown part ""'],
  ['FREQ=DAILY;BYHOUR=24', 'BYHOUR has "24", and not 0 to 23'],
  ['FREQ=WEEKLY;BYDAY=', 'BYDAY has "", and not one of MO, TU, WE, TH, FR, SA, SU'],
  ['FREQ=MONTHLY;BYMONTHDAY=0', 'BYMONTHDAY has "0", and not 1 to 31, or -31 to -1'],
  ['FREQ=DAILY;INTERVAL=0', 'INTERVAL is "0", and not a number from 1 on'],
  ['BYHOUR=9', 'FREQ is none of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY'],
  ['RRULE:FREQ=DAILY\nX-NAME:5', 'it has a line "X-NAME"'],
  ['RRULE:FREQ=DAILY\nEXDATE:soon', '"SOON" is no date'],
  ['RRULE:FREQ=DAILY\nEXDATE:20260230', '"20260230" is no date'],
  ['DTSTART:20260101', 'it has no RRULE and no RDATE'],
])('%s is refused, and the sentence says which part', (text, why) => {
  const sentence = `The recurrence rule cannot be read: ${why}.`;
  expect(() => withStart(text, 'UTC', 0)).toThrow(sentence);
});

describe('a rule that has no or few dates, or very many, costs little', () => {
  test.each([
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'is never due'],
    ['FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30', 'is never due'],
    ['FREQ=YEARLY;INTERVAL=97;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO', 'is never due'],
    ['FREQ=SECONDLY;BYSETPOS=2', 'within 100,000 steps'],
    ['FREQ=MINUTELY\nEXRULE:FREQ=MINUTELY', 'within 100,000 steps'],
    ['FREQ=SECONDLY;COUNT=9999999999', 'within 400,000 steps'],
    ['FREQ=DAILY\nRRULE:FREQ=SECONDLY;BYSETPOS=9', 'within 100,000 steps'],
  ])('%s is refused', (text, why) => {
    expect(() => checkRule(rule(`${START}${text}`), at('2026-03-01T00:00:00Z'))).toThrow(why);
  });

  test('a cron that no day meets is refused, one that has ended is not', () => {
    const check = (cron: string) =>
      checkRule({ kind: 'cron', cron, timezone: null, dayOr: true }, at('2026-03-01T00:00:00Z'));
    expect(() => check('0 0 31 2,4,6,9,11 *')).toThrow(
      'is never due: it has no time in the next 50 years',
    );
    expect(() => check('0 0 29 2 *')).not.toThrow();
    expect(() => check('0 0 1 1 * 0 2025')).not.toThrow();
    const ended = rule(`${START}RRULE:FREQ=DAILY;UNTIL=20260201`);
    expect(() => checkRule(ended, at('2026-03-01T00:00:00Z'))).not.toThrow();
  });

  test('86,400 times on each day of a year are not laid out', () => {
    const all = (size: number) => Array.from({ length: size }, (_, i) => i).join(',');
    const text = `FREQ=YEARLY;BYDAY=MO;BYHOUR=${all(24)};BYMINUTE=${all(60)};BYSECOND=${all(60)};BYSETPOS=-1,1`;
    expect(times(`${START}${text}`, 'UTC', '2026-03-01T00:00:00Z', 2)).toEqual([
      ...['12-28T23:59', '01-04T00:00'],
    ]);
  });
});
