import type * as z from 'zod';
import type { Schedule as ScheduleSchema } from '../../api/schedules/schemas.ts';
import type { Deployment } from '../../model/deployments.ts';
import type { Schedule, ScheduleRule } from '../../model/schedules.ts';
import { SECOND, toIso } from '../../model/values/instant.ts';

type Shape = z.output<typeof ScheduleSchema>;

/** Prefect's DeploymentSchedule, plus the late policy. */
export const scheduleShape = (deploymentId: string, schedule: Schedule): Shape => ({
  id: schedule.id,
  created: toIso(schedule.createdAt),
  updated: toIso(schedule.updatedAt),
  deployment_id: deploymentId,
  schedule: ruleShape(schedule.rule),
  active: schedule.active,
  max_scheduled_runs: schedule.maxScheduledRuns,
  parameters: schedule.parameters,
  slug: schedule.slug,
  late_policy: schedule.latePolicy,
  late_grace_seconds: schedule.lateGrace / SECOND,
  notices: [...(schedule.notices ?? [])],
  set_aside: schedule.setAside ?? null,
});

/** Sorted as in Prefect: the one changed last comes first. */
export const scheduleShapes = ({ id, schedules }: Pick<Deployment, 'id' | 'schedules'>): Shape[] =>
  [...schedules]
    .reverse()
    .sort((a, b) => b.updatedAt - a.updatedAt)
    .map((one) => scheduleShape(id, one));

function ruleShape(rule: ScheduleRule): Shape['schedule'] {
  const { timezone } = rule;
  if (rule.kind === 'cron') return { cron: rule.cron, timezone, day_or: rule.dayOr };
  if (rule.kind === 'rrule') return { rrule: rule.rrule, timezone };
  const { interval, anchor } = rule;
  return {
    interval: interval / SECOND,
    anchor_date: toIso(anchor),
    timezone: timezone ?? 'UTC',
  };
}
