import { civilOf, dayAt } from '../../core/schedules/rules/calendar.ts';
import { zoneOf } from '../../core/schedules/rules/zone.ts';
import type { Random } from '../random.ts';

type Given =
  | { cron: string; timezone: string; day_or?: boolean }
  | { rrule: string; timezone: string }
  | { interval: number; anchor_date: string; timezone: string };

export interface Question {
  readonly schedule: Given;
  readonly start: string;
  readonly n: number;
}

const DAY = 86_400;

/** One schedule in one zone, asked from one instant on: often shortly before a change of the clock. */
export function question(random: Random, zones: readonly string[]): Question {
  const timezone = random.pick(zones);
  const start = startIn(random, timezone);
  const kind = random.next();
  const n = random.int(3, 12);
  if (kind < 0.5) {
    const dayOr = random.chance(0.2) ? { day_or: random.chance(0.5) } : {};
    return { schedule: { cron: cron(random), timezone, ...dayOr }, start, n };
  }
  if (kind < 0.9) return { schedule: { rrule: rrule(random, start), timezone }, start, n };
  return { schedule: { ...interval(random), timezone }, start, n };
}

/** From 2026 to 2029. */
function startIn(random: Random, timezone: string): string {
  const at = dayAt(2026, 1, 1) * DAY + random.int(0, 4 * 365 * DAY);
  const change = random.chance(0.6) ? zoneOf(timezone).changeAfter(at) : undefined;
  const near = change ? change.at - random.int(-7_200, random.chance(0.7) ? DAY : 8 * DAY) : at;
  return iso(near);
}

const iso = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

function cron(random: Random): string {
  const minute = random.pick([
    ...[
      '0',
      '30',
      '15,45',
      '*/15',
      '*/20',
      '*/7',
      '0,30',
      '5/10',
      '0/15',
      '50-10',
      '*',
      '*/61',
      '59',
    ],
    String(random.int(0, 59)),
    random.list(0, 59, 4),
    `${random.int(0, 59)}-${random.int(0, 59)}`,
    `${random.int(0, 30)}-${random.int(31, 59)}/${random.int(1, 20)}`,
  ]);
  const hour = random.pick([
    ...[
      '*',
      '*/2',
      '*/3',
      '0',
      '1',
      '2',
      '3',
      '1,3',
      '2,3',
      '2-4',
      '1-3',
      '22-6',
      '8/2',
      '*/25',
      '1/1',
    ],
    ...['2,14', '0-23', '23-2/2'],
    String(random.int(0, 23)),
    random.list(0, 23, 4),
  ]);
  const day = random.chance(0.7)
    ? '*'
    : random.pick([
        '1',
        'L',
        '1-7',
        '28-L',
        '*/2',
        '*/1',
        '15,L',
        '31',
        '29-31',
        '?',
        random.list(1, 31, 3),
      ]);
  const month = random.chance(0.8)
    ? '*'
    : random.pick(['nov-feb', '3', '10', '3,10', 'mar-apr', '*/3', '2']);
  const weekday = random.chance(0.7)
    ? '*'
    : random.pick([
        ...[
          '1-5',
          'mon-fri',
          'fri-mon',
          'sun',
          '7',
          '0',
          '5-7',
          '0-6',
          '0-7',
          '*/2',
          'L5',
          '1#1',
          'sun#2',
          '*,1',
        ],
        String(random.int(0, 7)),
      ]);
  const five = [minute, hour, day, month, weekday].join(' ');
  if (random.chance(0.94)) return five;
  const six = `${five} ${random.pick(['0', '30', '*/20', '15,45'])}`;
  return random.chance(0.5) ? six : `${six} ${random.pick(['*', '2026-2030', '2027'])}`;
}

const FREQS = [
  'YEARLY',
  'MONTHLY',
  'WEEKLY',
  'DAILY',
  'DAILY',
  'HOURLY',
  'HOURLY',
  'MINUTELY',
  'SECONDLY',
];
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** @param start the rule begins before it, the closer the more often it is due */
function rrule(random: Random, start: string): string {
  const freq = random.pick(FREQS);
  const short = freq === 'MINUTELY' || freq === 'SECONDLY';
  const begun = Date.parse(start) / 1000 - random.int(0, short ? 2 * DAY : 700 * DAY);
  const dtstart = basic(begun - (random.chance(0.5) ? begun % 900 : 0));
  const parts = [`FREQ=${freq}`];
  const maybe = (share: number, part: () => string) => {
    if (random.chance(share)) parts.push(part());
  };
  const { year, month } = civilOf(Math.floor(begun / DAY) + 400);
  const most = { HOURLY: 30, MINUTELY: 200, SECONDLY: 8_000 }[freq] ?? 5;
  maybe(0.5, () => `INTERVAL=${random.int(1, most)}`);
  maybe(0.15, () => `COUNT=${random.int(1, 400)}`);
  maybe(
    0.1,
    () =>
      `UNTIL=${year}${String(month).padStart(2, '0')}01${random.pick(['', 'T020000', 'T023000Z'])}`,
  );
  maybe(0.15, () => `WKST=${random.pick(DAYS)}`);
  maybe(0.2, () => `BYMONTH=${random.list(1, 12, 4)}`);
  maybe(0.15, () => `BYMONTHDAY=${random.pick([random.list(1, 31, 4), '-1', '1,-1', '-3,5'])}`);
  maybe(0.3, () => `BYDAY=${byday(random, freq)}`);
  maybe(
    0.03,
    () => `BYYEARDAY=${random.pick(['1,100,200', '-1', '-366', random.list(1, 366, 3)])}`,
  );
  maybe(0.03, () => `BYWEEKNO=${random.pick(['1', '20', '52', '10,30', '-1'])}`);
  maybe(0.02, () => `BYEASTER=${random.pick(['0', '1', '-2', '49'])}`);
  maybe(0.35, () => `BYHOUR=${random.pick(['2', '1,2,3', '2,14', random.list(0, 23, 3)])}`);
  maybe(0.3, () => `BYMINUTE=${random.pick(['0', '30', '0,30', random.list(0, 59, 3)])}`);
  maybe(0.06, () => `BYSECOND=${random.pick(['0', '0,30'])}`);
  maybe(0.1, () => `BYSETPOS=${random.pick(['1', '-1', '2', '1,-1', '3,-2'])}`);
  const zone = random.pick(['', '', '', 'Z', ';TZID=America/New_York']);
  const line = zone.startsWith(';') ? `DTSTART${zone}:${dtstart}` : `DTSTART:${dtstart}${zone}`;
  const aware = zone !== '';
  const named = parts.map((part) => (part.startsWith('UNTIL=') ? until(part, aware) : part));
  const order = random.chance(0.1) ? named.reverse() : named;
  const lines = [
    line,
    `${random.chance(0.8) || order !== named ? 'RRULE:' : ''}${order.join(';')}`,
  ];
  for (const name of ['RDATE', 'EXDATE']) {
    if (!random.chance(0.12)) continue;
    const dates = Array.from({ length: random.int(1, 4) }, () => near(random, start, begun));
    lines.push(`${name}:${dates.map((at) => `${basic(at)}${random.pick(['', 'Z'])}`).join(',')}`);
  }
  if (random.chance(0.04)) lines.push(`EXRULE:FREQ=DAILY;INTERVAL=${random.int(2, 4)}`);
  if (random.chance(0.04)) lines.push(`RRULE:FREQ=WEEKLY;BYHOUR=${random.int(0, 23)}`);
  return lines.join('\n');
}

/** Prefect refuses an UNTIL with a Z beside a DTSTART without one, and the other way round. */
const until = (part: string, aware: boolean) =>
  aware ? `${part.replace('Z', '').padEnd(21, 'T000000')}Z` : part.replace('Z', '');

function near(random: Random, start: string, begun: number): number {
  const at = Date.parse(start) / 1000 + random.int(0, 10) * DAY;
  return random.chance(0.7) ? at - (at % DAY) + (begun % DAY) : at;
}

const basic = (seconds: number) => iso(seconds).replaceAll(/[-:]|Z/g, '');

function byday(random: Random, freq: string): string {
  const numbered = (freq === 'YEARLY' || freq === 'MONTHLY') && random.chance(0.6);
  const one = () =>
    numbered ? `${random.pick(['1', '-1', '+2', '3'])}${random.pick(DAYS)}` : random.pick(DAYS);
  const all = [...new Set(Array.from({ length: random.int(1, 4) }, one))].join(',');
  return random.chance(0.1) ? all.replace(/^([+-]?\d)(..)/, '$2($1)') : all;
}

function interval(random: Random): { interval: number; anchor_date: string } {
  const seconds = random.pick([
    60,
    900,
    3_600,
    5_400,
    21_600,
    43_200,
    DAY,
    DAY,
    2 * DAY,
    7 * DAY,
    36 * 3_600,
    90_000,
  ]);
  const anchor = dayAt(2025, random.int(1, 12), random.int(1, 28)) * DAY + random.int(0, 95) * 900;
  return { interval: seconds, anchor_date: iso(anchor) };
}
