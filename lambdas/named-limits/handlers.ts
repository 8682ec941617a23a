import type * as z from 'zod';
import type { namedLimitsRoutes } from '../../api/named-limits/routes.ts';
import type { NewNamedLimit, TakenLimits } from '../../api/named-limits/schemas.ts';
import {
  changeDeploymentLimit,
  listDeploymentLimits,
} from '../../core/deployments/deployment-limits.ts';
import {
  createNamedLimit,
  deleteNamedLimit,
  listNamedLimits,
  readNamedLimit,
  updateNamedLimit,
  type WhichLimit,
} from '../../core/named-limits/change-named-limits.ts';
import { activeSlots } from '../../core/named-limits/counts.ts';
import {
  giveLeaseBack,
  giveSlotsBack,
  renewLease,
} from '../../core/named-limits/give-slots-back.ts';
import { takeSlots } from '../../core/named-limits/take-slots.ts';
import type { NamedLimit } from '../../model/named-limits.ts';
import { type Instant, SECOND, toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Handles } from '../http/http.ts';
import { onPage } from '../http/page.ts';
import { untilSettled } from '../limits/settled.ts';
import { deploymentLimitShape, orOfDeployment } from './deployment-limits.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const which = (limit: string): WhichLimit =>
  UUID.test(limit) ? { id: limit.toLowerCase() } : { name: limit };

const wishOf = (body: {
  active?: boolean | null | undefined;
  active_slots?: number | null | undefined;
  denied_slots?: number | null | undefined;
  slot_decay_per_second?: number | null | undefined;
}) => ({
  ...(body.active == null ? {} : { active: body.active }),
  ...(body.active_slots == null ? {} : { activeSlots: body.active_slots }),
  ...(body.denied_slots == null ? {} : { deniedSlots: body.denied_slots }),
  ...(body.slot_decay_per_second == null ? {} : { slotDecayPerSecond: body.slot_decay_per_second }),
});

export const namedLimitHandlers = {
  createConcurrencyLimit: async (context, { body }) => {
    const { name, limit } = body;
    const made = await createNamedLimit(context, { name, limit, ...wishOf(body) });
    return { status: 201, body: newShape(made, context.now()) };
  },

  filterConcurrencyLimits: async (context, { body }) => {
    const named = (await listNamedLimits(context)).map((one) => shape(one, context.now()));
    const all = [...named, ...(await listDeploymentLimits(context)).map(deploymentLimitShape)];
    return {
      status: 200,
      body: [
        ...onPage(
          all.sort((a, b) => (a.name < b.name ? -1 : 1)),
          body,
        ),
      ],
    };
  },

  readConcurrencyLimit: async (context, { path }) => ({
    status: 200,
    body: await orOfDeployment(
      context,
      path.limit,
      async () => shape(await readNamedLimit(context, which(path.limit)), context.now()),
      async (found) => deploymentLimitShape(found),
    ),
  }),

  updateConcurrencyLimit: async (context, { path, body }) => {
    const { name, limit } = body;
    const wish = {
      ...(name == null ? {} : { name }),
      ...(limit == null ? {} : { limit }),
      ...wishOf(body),
    };
    await orOfDeployment(
      context,
      path.limit,
      () => updateNamedLimit(context, which(path.limit), wish),
      async (found) =>
        untilSettled(context, (await changeDeploymentLimit(context, found, wish)).settling),
    );
    return { status: 204, body: undefined };
  },

  deleteConcurrencyLimit: async (context, { path }) => {
    await orOfDeployment(
      context,
      path.limit,
      () => deleteNamedLimit(context, which(path.limit)),
      async (found) => void (await changeDeploymentLimit(context, found, null)),
    );
    return { status: 204, body: undefined };
  },

  incrementLimits: async (context, { body }) => {
    const { names, slots, mode } = body;
    const taken = await takeSlots(context, { names, slots, rateLimit: mode === 'rate_limit' });
    return { status: 200, body: minimal(taken.limits) };
  },

  incrementLimitsWithLease: async (context, { body }) => {
    const { names, slots, mode, holder } = body;
    const lease = { lasts: lasting(body.lease_duration), holder: holder ?? null };
    const call = { names, slots, rateLimit: mode === 'rate_limit', lease };
    const { limits, leaseId } = await takeSlots(context, call);
    return { status: 200, body: { lease_id: leaseId, limits: minimal(limits) } };
  },

  decrementLimits: async (context, { body }) => {
    const { names, slots, occupancy_seconds: occupied } = body;
    const limits = await giveSlotsBack(context, names, slots, occupied ?? undefined);
    return { status: 200, body: minimal(limits) };
  },

  decrementLimitsWithLease: async (context, { body }) => {
    await giveLeaseBack(context, body.lease_id);
    return { status: 204, body: undefined };
  },

  renewConcurrencyLease: async (context, { path, body }) => {
    await renewLease(context, path.id, lasting(body?.lease_duration));
    return { status: 204, body: undefined };
  },
} satisfies Handles<keyof typeof namedLimitsRoutes>;

const lasting = (seconds: number | null | undefined): Instant =>
  seconds == null ? NUMBERS.slotLease : Math.round(seconds * SECOND);

export const minimal = (limits: readonly NamedLimit[]): z.output<typeof TakenLimits> =>
  limits.map(({ id, name, limit }) => ({ id, name, limit }));

const shape = (one: NamedLimit, now: Instant) => ({
  id: one.id,
  created: toIso(one.createdAt),
  updated: toIso(one.updatedAt),
  active: one.active,
  name: one.name,
  limit: one.limit,
  // A slot that is only partly decayed still counts as taken.
  active_slots: Math.ceil(activeSlots(one, now)),
  slot_decay_per_second: one.slotDecayPerSecond,
});

const newShape = (one: NamedLimit, now: Instant): z.output<typeof NewNamedLimit> => ({
  ...shape(one, now),
  denied_slots: one.deniedSlots,
  avg_slot_occupancy_seconds: one.avgSlotOccupancySeconds,
});
