import type { NamedLimit } from '../../model/named-limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import {
  createNamedLimit,
  deleteNamedLimit,
  leasesOf,
  listNamedLimits,
  resetNamedLimit,
  updateNamedLimit,
} from './change-named-limits.ts';
import { TAG_PREFIX, tagOf } from './counts.ts';
import { endLease } from './give-slots-back.ts';
import { takeSlots } from './take-slots.ts';

/** The limit for task runs with a tag: the named limit `tag:<tag>`, as in Prefect 3.8. */
export interface TagLimit {
  readonly tag: string;
  readonly limit: NamedLimit;
  /** The ids of the task runs that hold a slot. */
  readonly holders: readonly string[];
}

const nameOf = (tag: string): string => TAG_PREFIX + tag;

/** @throws DibsError too_busy */
export async function createTagLimit(
  context: Context,
  tag: string,
  limit: number,
): Promise<TagLimit & { readonly created: boolean }> {
  try {
    const made = await createNamedLimit(context, { name: nameOf(tag), limit });
    return { tag, limit: made, holders: [], created: true };
  } catch (error) {
    if (!(error instanceof DibsError && error.code === 'concurrency_limit_exists')) throw error;
  }
  await updateNamedLimit(context, { name: nameOf(tag) }, { limit });
  return { ...(await readTagLimit(context, { tag })), created: false };
}

/** @throws DibsError concurrency_limit_not_found */
export async function readTagLimit(
  context: Context,
  which: { readonly id: string } | { readonly tag: string },
): Promise<TagLimit> {
  const name =
    'tag' in which ? nameOf(which.tag) : await context.store.readNamedLimitName(which.id);
  const [found] = name === undefined ? [] : await context.store.readNamedLimits([name]);
  const limit = found && (await withHolders(context, found));
  if (!limit) throw new DibsError('concurrency_limit_not_found', 'Concurrency limit not found');
  return limit;
}

export async function listTagLimits(context: Context): Promise<TagLimit[]> {
  const limits = await listNamedLimits(context);
  return (await Promise.all(limits.map((one) => withHolders(context, one)))).flatMap(
    (one) => one ?? [],
  );
}

async function withHolders(context: Context, limit: NamedLimit): Promise<TagLimit | undefined> {
  const tag = tagOf(limit);
  if (tag === undefined) return undefined;
  const leases = await leasesOf(context, limit);
  const holders = leases.flatMap(({ holder }) => (holder?.type === 'task_run' ? holder.id : []));
  return { tag, limit, holders };
}

/** Frees all slots, then gives each of these task runs one slot. @throws as takeSlots() */
export async function resetTagLimit(
  context: Context,
  tag: string,
  taskRunIds: readonly string[],
): Promise<void> {
  const { limit } = await readTagLimit(context, { tag });
  await resetNamedLimit(context, limit);
  for (const id of taskRunIds) await takeTagSlots(context, [tag], id);
}

/** @throws DibsError concurrency_limit_not_found */
export async function deleteTagLimit(
  context: Context,
  which: { readonly id: string } | { readonly tag: string },
): Promise<void> {
  const { limit } = await readTagLimit(context, which);
  await resetNamedLimit(context, limit);
  await deleteNamedLimit(context, { id: limit.id });
}

/**
 * Takes a slot of each of these tags that has a limit, or takes none at all. A task run holds one
 * slot of a tag, however often it asks.
 * @throws DibsError concurrency_slots_taken
 */
export async function takeTagSlots(
  context: Context,
  tags: readonly string[],
  taskRunId: string,
): Promise<readonly NamedLimit[]> {
  const names = tags.map(nameOf);
  const closed = (await context.store.readNamedLimits(names)).find(({ limit }) => limit === 0);
  if (closed) {
    throw new DibsError(
      'concurrency_slots_taken',
      `The concurrency limit on tag "${tagOf(closed)}" is 0 and will deadlock if the task tries to run again.`,
    );
  }
  const holder = { type: 'task_run', id: taskRunId } as const;
  const lease = { lasts: NUMBERS.tagSlotLease, holder, once: true };
  const whenFull = (full: NamedLimit) =>
    `Concurrency limit for the ${tagOf(full)} tag has been reached`;
  return (await takeSlots(context, { names, slots: 1, rateLimit: false, lease, whenFull })).limits;
}

/** @throws DibsError too_busy */
export async function giveTagSlotsBack(
  context: Context,
  tags: readonly string[],
  taskRunId: string,
): Promise<readonly NamedLimit[]> {
  const limits = await context.store.readNamedLimits([...new Set(tags.map(nameOf))]);
  for (const limit of limits) {
    const leases = await leasesOf(context, limit);
    for (const lease of leases) if (lease.holder?.id === taskRunId) await endLease(context, lease);
  }
  return limits;
}
