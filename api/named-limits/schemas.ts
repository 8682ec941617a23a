import * as z from 'zod';
import {
  addressedName,
  isoText,
  keyText,
  offset,
  limit as pageLimit,
  uuid,
} from '../fields/fields.ts';

const count = z.number().int().min(0).max(1_000_000_000);
const rate = z.number().min(0).max(1_000_000_000);

export const NamedLimitCreate = z
  .strictObject({
    name: addressedName,
    limit: count,
    active: z.boolean().optional(),
    active_slots: count.optional(),
    denied_slots: count.optional(),
    slot_decay_per_second: rate.optional(),
    avg_slot_occupancy_seconds: rate.optional(),
  })
  .meta({ id: 'ConcurrencyLimitV2Create' });
export const NamedLimitUpdate = z
  .strictObject({
    name: addressedName.nullish(),
    limit: count.nullish(),
    active: z.boolean().nullish(),
    active_slots: count.nullish(),
    denied_slots: count.nullish(),
    slot_decay_per_second: rate.nullish(),
  })
  .meta({ id: 'ConcurrencyLimitV2Update' });

const shown = {
  id: z.string(),
  created: isoText,
  updated: isoText,
  active: z.boolean(),
  name: z.string(),
  limit: z.number(),
  active_slots: z.number(),
  slot_decay_per_second: z.number(),
};
export const NamedLimit = z.object(shown).meta({ id: 'GlobalConcurrencyLimit' });
export const NewNamedLimit = z
  .object({ ...shown, denied_slots: z.number(), avg_slot_occupancy_seconds: z.number() })
  .meta({ id: 'ConcurrencyLimitV2' });
export const NamedLimitsFilter = z.object({ limit: pageLimit, offset }).optional();

/** Tags of any length come here, too. No limit has a name that is longer than a name may be. */
const tagNames = z.array(keyText).max(50);
const names = tagNames.min(1, 'Expected the name of at least one limit.');
const slots = z.number().int().min(1).max(1_000_000_000);
const mode = z.enum(['concurrency', 'rate_limit']).nullish();
/** In seconds: from a minute to a day, as in Prefect. */
const lease_duration = z.number().min(60).max(86_400).nullish();
const holder = z
  .strictObject({ type: z.enum(['flow_run', 'task_run', 'deployment']), id: uuid })
  .nullish();
const create_if_missing = z.boolean().nullish().meta({ deprecated: true });

export const TakeSlots = z.object({ names, slots, mode, create_if_missing });
export const TakeSlotsWithLease = z.object({ names, slots, mode, lease_duration, holder });
export const GiveSlotsBack = z.object({
  names,
  slots,
  occupancy_seconds: z.number().positive().nullish(),
  create_if_missing,
});
export const GiveLeaseBack = z.object({ lease_id: uuid });
export const RenewLease = z.object({ lease_duration }).optional();

const limits = z.array(z.object({ id: z.string(), name: z.string(), limit: z.number() }));
export const TakenLimits = limits;
export const TakenLease = z.object({ lease_id: z.string(), limits });

const tag = z.string().min(1).max(250);
export const TagLimitCreate = z
  .strictObject({ tag, concurrency_limit: count })
  .meta({ id: 'ConcurrencyLimitCreate' });
export const TagLimit = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    tag: z.string(),
    concurrency_limit: z.number(),
    active_slots: z.array(z.string()),
  })
  .meta({ id: 'ConcurrencyLimit' });
export const TagSlots = z.object({ names: tagNames, task_run_id: uuid });
export const ResetTag = z.object({ slot_override: z.array(uuid).max(100).nullish() }).optional();
