import type { IntervalRule, ScheduleRule } from '../../model/schedules.ts';
import { DAY, type Instant, SECOND } from '../../model/values/instant.ts';
import { nextTimes } from './next-times.ts';
import { PREFECT, prefectTimes } from './rules/as-prefect.ts';
import { clockText, dayText } from './rules/calendar.ts';
import { isJumpable } from './rules/cron.ts';
import { readCron } from './rules/cron-text.ts';
import { isWholeDays } from './rules/interval.ts';
import { readRecurrence } from './rules/recurrence-text.ts';
import { type Change, type Zone, zoneOf } from './rules/zone.ts';

/**
 * Says where a schedule runs at other times than with Prefect: a sentence for each difference, none
 * for most schedules. docs/schedules.md has the reasons.
 *
 * @param from differences at changes of the clock are looked for in the two years after it
 * @param given the text of a recurrence rule before it got a start
 */
export function differencesFromPrefect(
  rule: ScheduleRule,
  from: Instant,
  given?: string,
): readonly string[] {
  const zone = zoneOf(rule.timezone);
  const asGiven = rule.kind === 'rrule' ? { ...rule, rrule: given ?? rule.rrule } : rule;
  return [...readingDifferences(asGiven), ...changeDifference(rule, zone, from)];
}

function readingDifferences(rule: ScheduleRule): string[] {
  if (rule.kind === 'rrule') return recurrenceDifferences(rule.rrule);
  if (rule.kind === 'interval') return [];
  const fields = readCron(rule.cron);
  const { minute, hour, day, month, weekday } = fields;
  const pointless = [minute, hour, day, month, weekday].flatMap((field) => field.pointless);
  return [
    ...pointless.map(
      (item) => `${item} is one value here; ${PREFECT} reads it as the whole field.`,
    ),
    ...(isJumpable(fields)
      ? [
          `It runs on the first days of March, too; ${PREFECT} leaves them out, because it looks for day ${Math.max(...day.values)} of February first.`,
        ]
      : []),
  ];
}

function recurrenceDifferences(rrule: string): string[] {
  const { start, rules } = readRecurrence(rrule);
  const said: string[] = [];
  if (start === undefined && rules.some(({ count }) => count !== undefined)) {
    said.push(`Without a DTSTART its COUNT begins now; with ${PREFECT} it began in 2020.`);
  }
  const mixed = rules.some(
    ({ freq, byday = [] }) =>
      (freq === 'YEARLY' || freq === 'MONTHLY') &&
      new Set(byday.map(({ nth }) => nth === undefined)).size > 1,
  );
  if (mixed)
    said.push(
      `Each day of BYDAY counts; ${PREFECT} needs a day with and one without a number at once.`,
    );
  return said;
}

/** The next change of the clock at which it makes a difference. */
function changeDifference(rule: ScheduleRule, zone: Zone, from: Instant): string[] {
  let change = zone.changeAfter(Math.floor(from / SECOND));
  for (; change && change.at * SECOND < from + YEARS; change = zone.changeAfter(change.at)) {
    const said = change.length > 0 ? atGap(rule, zone, change) : atRepeat(rule, change);
    if (said) return [said];
  }
  return [];
}

/** An interval of whole days may fall into the hour that comes twice. */
function atRepeat(rule: ScheduleRule, change: Change): string | undefined {
  if (rule.kind !== 'interval' || !isWholeDays(rule)) return undefined;
  const from = (change.at + change.length) * SECOND;
  const [ours] = nextTimes(rule, from - 1, 1);
  const [theirs] = prefectTimes(rule, from, 1);
  if (ours === theirs) return undefined;
  const { wall, length } = change;
  const hour = `from ${clockText(wall)} to ${clockText(wall - length)}`;
  return `When the clocks of ${rule.timezone} go back, next on ${dayText(wall)}, and the time ${hour} comes twice, it runs the first time; ${PREFECT} (Python 3.11) runs it the second.`;
}

const YEARS = 2 * 366 * DAY;
/** Times near a change that are compared: enough for two hours of minutes. */
const COMPARED = 200;

function atGap(rule: ScheduleRule, zone: Zone, change: Change): string | undefined {
  if (rule.kind === 'interval') {
    return isWholeDays(rule) ? ofInterval(rule, zone, change) : undefined;
  }
  const from = (change.at - change.length) * SECOND;
  const to = (change.at + change.length) * SECOND;
  const near = (times: readonly Instant[]) => times.filter((time) => time < to);
  const ours = near(nextTimes(rule, from - 1, COMPARED));
  const theirs = near(prefectTimes(rule, from, COMPARED));
  const clocks = (times: readonly Instant[], others: readonly Instant[]) => {
    const only = times.filter((time) => !others.includes(time));
    const texts = only.map((time) => clockText(zone.wallOf(time / SECOND)));
    return texts.length > 5 ? `${texts.slice(0, 5).join(', ')} …` : texts.join(', ');
  };
  const here = clocks(ours, theirs);
  const there = clocks(theirs, ours);
  if (here === '' && there === '') return undefined;
  const runs = here === '' ? 'it does not run in this hour' : `it runs at ${here}`;
  const prefect = there === '' ? `${PREFECT} does not` : `${PREFECT} runs it at ${there}`;
  return `${whenOf(rule, change)}, ${runs}; ${prefect}.`;
}

function ofInterval(rule: IntervalRule, zone: Zone, change: Change): string | undefined {
  const [time] = nextTimes(rule, change.at * SECOND - 1, 1);
  const wall = zone.wallOf(Math.floor(rule.anchor / SECOND));
  if (time === undefined || clockText(zone.wallOf(Math.floor(time / SECOND))) === clockText(wall)) {
    return undefined;
  }
  const when = whenOf(rule, change);
  return `${when}, it runs later on that day only; ${PREFECT} runs it later on all days from then on.`;
}

const whenOf = ({ timezone }: ScheduleRule, { wall, length }: Change): string =>
  `When the clocks of ${timezone ?? 'UTC'} go forward, next on ${dayText(wall)} from ${clockText(wall - length)} to ${clockText(wall)}`;
