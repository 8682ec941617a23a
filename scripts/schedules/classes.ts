import { nextTimes, withStart } from '../../core/schedules/next-times.ts';
import { prefectTimes } from '../../core/schedules/rules/as-prefect.ts';
import { dayAt } from '../../core/schedules/rules/calendar.ts';
import { readCron } from '../../core/schedules/rules/cron-text.ts';
import { readRecurrence } from '../../core/schedules/rules/recurrence-text.ts';
import { LAST_YEAR } from '../../core/schedules/rules/recurrence-walk.ts';
import { zoneOf } from '../../core/schedules/rules/zone.ts';
import type { IntervalRule, ScheduleRule } from '../../model/schedules.ts';
import { SECOND } from '../../model/values/instant.ts';
import type { Question } from './generate.ts';

/** Times in seconds since 1970, or why there are none. */
export interface Answer {
  readonly times?: readonly number[];
  readonly refused?: string;
  readonly error?: string;
  readonly slow?: string;
}

export function ownAnswer(question: Question): Answer {
  try {
    const rule = ruleOf(question);
    return { times: nextTimes(rule, startOf(question) - 1, question.n).map((at) => at / SECOND) };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

const startOf = ({ start }: Question) => Date.parse(start) * 1000;

function ruleOf(question: Question): ScheduleRule {
  const { schedule: given } = question;
  const { timezone } = given;
  if ('cron' in given)
    return { kind: 'cron', cron: given.cron, timezone, dayOr: given.day_or ?? true };
  if ('rrule' in given) {
    return { kind: 'rrule', rrule: withStart(given.rrule, timezone, startOf(question)), timezone };
  }
  const anchor = Date.parse(given.anchor_date) * 1000;
  return { kind: 'interval', interval: given.interval * SECOND, anchor, timezone };
}

const isSame = (some: readonly number[] = [], others: readonly number[] = []) =>
  some.length === others.length && some.every((at, i) => at === others[i]);

/** The name of a difference; each is a row of docs/schedules.md. UNKNOWN: it is not. */
export function classOf(question: Question, ours: Answer, theirs: Answer): string {
  const kind = Object.keys(question.schedule)[0] ?? '';
  if (theirs.slow) return `${kind}: Prefect has no answer within 3 s`;
  if (theirs.refused) return ours.refused ? 'equal: both refuse it' : `${kind}: Prefect refuses it`;
  if (theirs.error) return `${kind}: Prefect fails with an error, so the schedule never runs`;
  if (!ours.times) return `UNKNOWN ${kind}: refused here`;
  if (isSame(ours.times, theirs.times)) return theirs.times?.length ? 'equal' : 'equal: no time';
  const rule = ruleOf(question);
  const asPrefect = prefectTimes(rule, startOf(question), question.n).map((at) => at / SECOND);
  if (isSame(asPrefect, theirs.times)) return explained(rule);
  return other(question, rule, ours.times, theirs.times ?? []) ?? `UNKNOWN ${kind}`;
}

/** It is known how Prefect comes to its answer: see core/schedules/rules/as-prefect.ts. */
function explained(rule: ScheduleRule): string {
  if (rule.kind === 'interval') {
    return 'interval: stays later once it met a gap, or runs the second time (said)';
  }
  if (rule.kind === 'rrule') return 'rrule: a missing time runs earlier (said)';
  const { minute, hour, day, month, weekday } = readCron(rule.cron);
  const odd = [minute, hour, day, month, weekday].some(({ pointless }) => pointless.length > 0);
  return odd
    ? 'cron: a range of one value is the whole field (said)'
    : 'cron: a missing time runs later (said)';
}

/** Dublin's data says that its winter time is the exception. dateutil does not expect that. */
function differOnlyAtChanges(ours: readonly number[], theirs: readonly number[]): boolean {
  const end = Math.min(ours.at(-1) ?? 0, theirs.at(-1) ?? 0);
  const odd = [
    ...ours.filter((at) => !theirs.includes(at)),
    ...theirs.filter((at) => !ours.includes(at)),
  ];
  return odd.every((at) => {
    const change = zoneOf('Europe/Dublin').changeAfter(at - 10_800);
    return at > end || (change !== undefined && change.at - at < 10_800);
  });
}

const KNOWN_TO = Date.UTC(2037, 9, 25) / 1000;

function other(
  question: Question,
  rule: ScheduleRule,
  ours: readonly number[],
  theirs: readonly number[],
): string | undefined {
  if (rule.kind === 'rrule') return ofRecurrence(rule.rrule, rule.timezone, ours, theirs);
  return rule.kind === 'interval' ? ofInterval(question, rule, ours, theirs) : undefined;
}

function ofRecurrence(
  rrule: string,
  timezone: string | null,
  ours: readonly number[],
  theirs: readonly number[],
): string | undefined {
  const before = (times: readonly number[]) => times.filter((at) => at < KNOWN_TO);
  const isPast = theirs.some((at) => at >= dayAt(LAST_YEAR, 1, 1) * 86_400);
  const isWhole = isPast || ours.length === theirs.length;
  if (
    isWhole &&
    !isSame(ours, theirs.slice(0, ours.length)) &&
    isSame(before(ours), before(theirs))
  ) {
    return 'rrule: after 2037 dateutil knows no summer time';
  }
  if (timezone === 'Europe/Dublin' && differOnlyAtChanges(ours, theirs)) {
    return 'rrule: on the nights when the clocks of Dublin change';
  }
  if (isPast && isSame(ours, theirs.slice(0, ours.length)))
    return `rrule: times after ${LAST_YEAR}`;
  const { rules, exrules } = readRecurrence(rrule);
  const all = [...rules, ...exrules];
  const isMixed = ({ byday = [] }: (typeof all)[number]) =>
    new Set(byday.map(({ nth }) => nth === undefined)).size > 1;
  if (all.some(isMixed)) return 'rrule: BYDAY with and without numbers (said)';
  return all.some(({ byweekno }) => byweekno) ? 'rrule: weeks at the turn of the year' : undefined;
}

const DAY = 86_400;

/** Both list the same steps of UTC until the clocks change. */
function ofInterval(
  { start }: Question,
  { interval, timezone }: IntervalRule,
  ours: readonly number[],
  theirs: readonly number[],
): string | undefined {
  const from = Date.parse(start) / 1000;
  const last = Math.max(ours.at(-1) ?? 0, theirs.at(-1) ?? 0);
  const change = zoneOf(timezone).changeAfter(from - 3 * DAY);
  if (!change || change.at >= last || interval % (DAY * SECOND) === 0) return undefined;
  if (interval > DAY * SECOND) {
    return 'interval: more than a day and not whole days, listed across a change';
  }
  // Theirs goes on after ours ends, because it left some out.
  const shared = theirs.filter((at) => at <= (ours.at(-1) ?? 0));
  const isLost = change.length < 0 && shared.every((at) => ours.includes(at));
  return isLost
    ? 'interval: of the hour that comes twice one is left out until it is near'
    : undefined;
}
