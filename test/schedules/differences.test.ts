import { expect, test } from 'vitest';
import { differencesFromPrefect } from '../../core/schedules/differences.ts';
import type { ScheduleRule } from '../../model/schedules.ts';
import { fromIso } from '../../model/values/instant.ts';

const at = (text: string) => fromIso(text) ?? Number.NaN;
const NOW = at('2026-12-01T00:00:00Z');
const cron = (text: string, timezone = 'Europe/Berlin'): ScheduleRule => ({
  kind: 'cron',
  cron: text,
  timezone,
  dayOr: true,
});
const rrule = (text: string, timezone = 'Europe/Berlin'): ScheduleRule => ({
  kind: 'rrule',
  rrule: `DTSTART:20260101T023000\nRRULE:${text}`,
  timezone,
});
const every = (interval: number, anchor: string, timezone: string): ScheduleRule => ({
  kind: 'interval',
  interval: interval * 1e6,
  anchor: at(anchor),
  timezone,
});
const IN_BERLIN =
  'When the clocks of Europe/Berlin go forward, next on 2027-03-28 from 02:00 to 03:00';

test.each([
  [cron('15,45 2 * * *'), `${IN_BERLIN}, it runs at 03:00; Prefect 3.9.1 runs it at 03:15, 03:45.`],
  [cron('30 2,3 * * *'), `${IN_BERLIN}, it runs at 03:00; Prefect 3.9.1 does not.`],
  [
    cron('* 2 * * *'),
    `${IN_BERLIN}, it does not run in this hour; Prefect 3.9.1 runs it at 03:01, 03:02, 03:03, 03:04, 03:05 ….`,
  ],
  [
    rrule('FREQ=DAILY'),
    `${IN_BERLIN}, it does not run in this hour; Prefect 3.9.1 runs it at 01:30.`,
  ],
  [
    every(86_400, '2026-01-01T01:30:00Z', 'Europe/Berlin'),
    `${IN_BERLIN}, it runs later on that day only; Prefect 3.9.1 runs it later on all days from then on.`,
  ],
  [
    every(86_400, '2026-01-01T21:45:00Z', 'Asia/Beirut'),
    'When the clocks of Asia/Beirut go back, next on 2027-10-30, and the time from 23:00 to 00:00 comes twice, it runs the first time; Prefect 3.9.1 (Python 3.11) runs it the second.',
  ],
  [cron('5-5 4 * * *'), '5-5 is one value here; Prefect 3.9.1 reads it as the whole field.'],
  [
    cron('0 4 1,30 * *'),
    'It runs on the first days of March, too; Prefect 3.9.1 leaves them out, because it looks for day 30 of February first.',
  ],
  [
    rrule('FREQ=MONTHLY;BYDAY=MO,1TU;BYHOUR=9'),
    'Each day of BYDAY counts; Prefect 3.9.1 needs a day with and one without a number at once.',
  ],
])('%o: it is said', (rule, sentence) => {
  expect(differencesFromPrefect(rule, NOW)).toEqual([sentence]);
});

test('a COUNT without a start begins now, and that is said', () => {
  const rule = rrule('FREQ=DAILY;COUNT=5;BYHOUR=9');
  expect(differencesFromPrefect(rule, NOW, 'FREQ=DAILY;COUNT=5;BYHOUR=9')).toEqual([
    'Without a DTSTART its COUNT begins now; with Prefect 3.9.1 it began in 2020.',
  ]);
});

test.each([
  cron('0 2 * * *'),
  cron('0 * * * *'),
  cron('30 * * * *'),
  cron('*/15 * * * *'),
  cron('30 3 * * *'),
  cron('30 2 * * *', 'UTC'),
  cron('0 4 28-L * *'),
  rrule('FREQ=HOURLY'),
  rrule('FREQ=DAILY;BYHOUR=9'),
  every(86_400, '2026-01-01T08:00:00Z', 'Europe/Berlin'),
  every(3_600, '2026-01-01T08:00:00Z', 'Europe/Berlin'),
  every(900, '2026-01-01T00:00:00Z', 'Asia/Beirut'),
])('%o: there is nothing to say', (rule) => {
  expect(differencesFromPrefect(rule, NOW)).toEqual([]);
});
