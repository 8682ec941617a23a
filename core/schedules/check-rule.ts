import type { ScheduleRule } from '../../model/schedules.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Instant } from '../../model/values/instant.ts';
import { timesAhead } from './plan.ts';
import { readCron } from './rules/cron-text.ts';
import { readRecurrence } from './rules/recurrence-text.ts';
import { LAST_YEAR } from './rules/recurrence-walk.ts';

/**
 * Refuses a rule that cannot be read, that takes too many steps, or that is never due. A rule that
 * has ended is taken, as in Prefect: it may stand in a file that is deployed again.
 * @throws DibsError invalid_request
 */
export function checkRule(rule: ScheduleRule, at: Instant): void {
  const { ahead, beyond } = timesAhead({ rule, maxScheduledRuns: null }, at);
  if (ahead.length > 0 || beyond !== undefined || hasEnd(rule)) return;
  const isCron = rule.kind === 'cron';
  const what = isCron ? `The cron ${JSON.stringify(rule.cron)}` : 'The recurrence rule';
  const reach = isCron ? 'in the next 50 years' : `until the year ${LAST_YEAR}`;
  throw new DibsError('invalid_request', `${what} is never due: it has no time ${reach}.`, {
    hint: 'Look for days that no month has, such as the 30th of February, and for parts that exclude each other.',
  });
}

function hasEnd(rule: ScheduleRule): boolean {
  if (rule.kind === 'cron') return readCron(rule.cron).year !== undefined;
  if (rule.kind === 'interval') return true;
  const { rules } = readRecurrence(rule.rrule);
  return rules.every(({ count, until }) => count !== undefined || until !== undefined);
}
