import type * as z from 'zod';
import type { ScheduleRule as RuleSchema, ScheduleUpdate } from '../../api/schedules/schemas.ts';
import { checkRule } from '../../core/schedules/check-rule.ts';
import { differencesFromPrefect } from '../../core/schedules/differences.ts';
import { withStart } from '../../core/schedules/next-times.ts';
import type { ScheduleWish } from '../../core/schedules/schedule-wishes.ts';
import type { ScheduleRule } from '../../model/schedules.ts';
import { type Instant, SECOND } from '../../model/values/instant.ts';

/**
 * The fields that a body sets; null counts as absent.
 * @throws DibsError invalid_request if the rule cannot be parsed
 */
export function scheduleWish(body: z.output<typeof ScheduleUpdate>, now: Instant): ScheduleWish {
  const { schedule, active, max_scheduled_runs: most, parameters, slug, replaces } = body;
  const { late_policy: latePolicy, late_grace_seconds: grace } = body;
  return {
    ...(schedule ? ruleOf(schedule, now) : {}),
    ...(active == null ? {} : { active }),
    ...(most == null ? {} : { maxScheduledRuns: most }),
    ...(parameters ? { parameters } : {}),
    ...(slug ? { slug } : {}),
    ...(replaces ? { replaces } : {}),
    ...(latePolicy ? { latePolicy } : {}),
    ...(grace == null ? {} : { lateGrace: Math.round(grace * SECOND) }),
  };
}

function ruleOf(given: z.output<typeof RuleSchema>, now: Instant) {
  const rule = toRule(given, now);
  checkRule(rule, now);
  const text = 'rrule' in given ? given.rrule : undefined;
  return { rule, notices: differencesFromPrefect(rule, now, text) };
}

function toRule(given: z.output<typeof RuleSchema>, now: Instant): ScheduleRule {
  const timezone = given.timezone || null;
  if ('cron' in given) {
    return { kind: 'cron', cron: given.cron, timezone, dayOr: given.day_or ?? true };
  }
  if ('rrule' in given) {
    return {
      kind: 'rrule',
      rrule: withStart(given.rrule, timezone, now),
      timezone: timezone ?? 'UTC',
    };
  }
  return {
    kind: 'interval',
    interval: Math.round(given.interval * SECOND),
    anchor: given.anchor_date ?? now,
    timezone: timezone ?? 'UTC',
  };
}
