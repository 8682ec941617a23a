import type { NamedLimit, SlotLease } from '../../model/named-limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { activeSlots } from './counts.ts';
import { readLimitsOfIds } from './find-limits.ts';
import { endLease } from './give-slots-back.ts';

/** A limit by its id or its name. */
export type WhichLimit = { readonly id: string } | { readonly name: string };

export type NamedLimitWish = Pick<NamedLimit, 'name' | 'limit'> &
  Partial<Pick<NamedLimit, 'active' | 'activeSlots' | 'deniedSlots' | 'slotDecayPerSecond'>>;

/** @throws DibsError concurrency_limit_exists */
export async function createNamedLimit(
  { store, newId, now }: Context,
  wish: NamedLimitWish,
): Promise<NamedLimit> {
  const at = now();
  const limit: NamedLimit = {
    id: newId(),
    active: true,
    activeSlots: 0,
    uncountedSlots: 0,
    deniedSlots: 0,
    slotDecayPerSecond: 0,
    avgSlotOccupancySeconds: 2,
    ...wish,
    countedAt: at,
    generation: 1,
    createdAt: at,
    updatedAt: at,
  };
  if ((await store.createNamedLimit(limit)) === 'created') return limit;
  const message = `A concurrency limit "${wish.name}" already exists.`;
  throw new DibsError('concurrency_limit_exists', message);
}

/** @throws DibsError concurrency_limit_not_found */
export async function readNamedLimit(
  { store }: Pick<Context, 'store'>,
  which: WhichLimit,
): Promise<NamedLimit> {
  const [limit] =
    'name' in which
      ? await store.readNamedLimits([which.name])
      : await readLimitsOfIds(store, [which.id]);
  if (!limit) throw notFound();
  return limit;
}

export async function listNamedLimits({ store }: Context): Promise<NamedLimit[]> {
  const limits = await store.readNamedLimits(await store.listNamedLimitNames());
  return limits.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws DibsError concurrency_limit_not_found, concurrency_limit_exists, too_busy */
export async function updateNamedLimit(
  context: Context,
  which: WhichLimit,
  change: Partial<NamedLimitWish>,
): Promise<void> {
  const { store, now } = context;
  for (let tries = 0; tries < NUMBERS.slotTakes; tries++) {
    const before = await readNamedLimit(context, which);
    const at = now();
    const after: NamedLimit = {
      ...before,
      activeSlots: activeSlots(before, at),
      // Whoever sets the count says how many are held in all.
      ...(change.activeSlots === undefined ? {} : { uncountedSlots: 0 }),
      ...change,
      countedAt: at,
      generation: before.generation + 1,
      updatedAt: at,
    };
    const done = await store.updateNamedLimit(after, before.name);
    if (done === 'updated') return;
    if (done === 'exists') {
      const message = `A concurrency limit "${after.name}" already exists.`;
      throw new DibsError('concurrency_limit_exists', message);
    }
  }
  throw keptChanging();
}

/**
 * Deletes a limit. Its leases continue, but give no slots back to it.
 * @throws DibsError concurrency_limit_not_found, too_busy
 */
export async function deleteNamedLimit(context: Context, which: WhichLimit): Promise<void> {
  for (let tries = 0; tries < NUMBERS.slotTakes; tries++) {
    const limit = await readNamedLimit(context, which);
    // It may have been renamed since, so look again.
    if ((await context.store.deleteNamedLimit(limit)) === 'deleted') return;
  }
  throw keptChanging();
}

/** The leases of a limit whose holders identified themselves. */
export async function leasesOf({ store }: Context, limit: NamedLimit): Promise<SlotLease[]> {
  const ids = await store.listLeaseIds(limit.id);
  const leases = await Promise.all(ids.map((id) => store.readSlotLease(id)));
  return leases.flatMap((lease) => (lease?.limits.some(({ id }) => id === limit.id) ? lease : []));
}

/** Takes all leases of a limit from their holders. @throws DibsError too_busy */
export async function resetNamedLimit(context: Context, limit: NamedLimit): Promise<void> {
  for (const lease of await leasesOf(context, limit)) await endLease(context, lease);
}

const keptChanging = () =>
  new DibsError('too_busy', 'This concurrency limit kept changing during the request.');

const notFound = () =>
  new DibsError('concurrency_limit_not_found', 'Concurrency Limit not found', {
    hint: 'List the limits with POST /api/v2/concurrency_limits/filter.',
  });
