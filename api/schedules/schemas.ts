import * as z from 'zod';
import { LATE_POLICIES } from '../../model/schedules.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { isoText, NO_DURATION, shortText, timestamp } from '../fields/fields.ts';
import { jsonObject } from '../verbatim.ts';

/** An IANA name; null: UTC. */
const timezone = z.string().max(100).nullish();

/** The three kinds are distinguished by the one field that only each of them has. */
export const ScheduleRule = z
  .union([
    z.strictObject({
      /** In seconds. */
      interval: z
        .number({ error: NO_DURATION })
        .positive()
        .max(100 * 366 * 86_400),
      anchor_date: timestamp.nullish(),
      timezone,
    }),
    z.strictObject({ cron: z.string().max(1_000), timezone, day_or: z.boolean().nullish() }),
    z.strictObject({ rrule: z.string().max(NUMBERS.rruleCharacters), timezone }),
  ])
  .meta({ id: 'ScheduleRule' });

const slug = shortText.min(1).nullish();
const changeable = {
  active: z.boolean().nullish(),
  max_scheduled_runs: z.number().int().min(1).max(NUMBERS.madeAheadAtMost).nullish(),
  parameters: jsonObject().nullish(),
  slug,
  replaces: slug,
  late_policy: z.enum(LATE_POLICIES).nullish().meta({ description: 'Default: all.' }),
  late_grace_seconds: z
    .number()
    .min(1)
    .max(NUMBERS.madeAheadFor / 1e6)
    .nullish(),
};

export const ScheduleCreate = z
  .strictObject({ schedule: ScheduleRule, ...changeable })
  .meta({ id: 'DeploymentScheduleCreate' });
export const ScheduleUpdate = z
  .strictObject({ schedule: ScheduleRule.nullish(), ...changeable })
  .meta({ id: 'DeploymentScheduleUpdate' });

export const Schedule = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    deployment_id: z.string(),
    schedule: z.union([
      z.object({ interval: z.number(), anchor_date: isoText, timezone: z.string() }),
      z.object({ cron: z.string(), timezone: z.string().nullable(), day_or: z.boolean() }),
      z.object({ rrule: z.string(), timezone: z.string().nullable() }),
    ]),
    active: z.boolean(),
    max_scheduled_runs: z.number().nullable(),
    parameters: jsonObject(),
    slug: z.string().nullable(),
    late_policy: z.enum(LATE_POLICIES),
    late_grace_seconds: z.number(),
    notices: z.array(z.string()).meta({
      description: 'Where the schedule runs at other times than with Prefect, in sentences.',
    }),
    set_aside: z.string().nullable().meta({
      description:
        'Why the scheduler creates no more runs of the schedule; null: it does. Changing the rule, or active: true, takes this back.',
    }),
  })
  .meta({ id: 'DeploymentSchedule' });

const seconds = z.number().min(0).nullish();
const runs = z.number().int().min(0).max(NUMBERS.madeByHand).nullish();
export const ScheduleRuns = z
  .object({
    start_time: timestamp.nullish(),
    end_time: timestamp.nullish(),
    min_time: seconds,
    min_runs: runs,
    max_runs: runs,
  })
  .optional();
