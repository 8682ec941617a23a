import type { NamedLimit, SlotLease } from '../../model/named-limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import { type Micros, SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { withGivenBack, withReturned } from './counts.ts';
import { readLimitsOfIds } from './find-limits.ts';
import { isLeaseOfNothing } from './take-slots.ts';

/**
 * Gives back slots that were taken without a lease. A limit that is not active counts them, too:
 * they were taken while it was.
 * @throws DibsError too_busy
 */
export async function giveSlotsBack(
  context: Context,
  names: readonly string[],
  slots: number,
  occupied: number | undefined,
): Promise<readonly NamedLimit[]> {
  const { store, now } = context;
  for (let tries = 0; tries < NUMBERS.slotTakes; tries++) {
    const limits = await store.readNamedLimits([...new Set(names)]);
    const after = limits.map((one) => withReturned(one, slots, now(), occupied));
    if (after.length === 0 || (await store.giveSlotsBack(after))) return limits;
  }
  throw tooBusy();
}

/**
 * Gives back the slots of a lease. If the lease is gone, its slots are already back.
 * @throws DibsError too_busy
 */
export async function giveLeaseBack(context: Context, leaseId: string): Promise<void> {
  const lease = await context.store.readSlotLease(leaseId);
  if (lease) await endLease(context, lease);
}

/**
 * Ends a lease and gives its slots back. `unrenewed`: only if nobody has renewed it since it was
 * read. By default it is ended even so, because its holder, or a user, asked for that.
 * @throws DibsError too_busy
 */
export async function endLease(
  context: Context,
  lease: SlotLease,
  which: 'any' | 'unrenewed' = 'any',
): Promise<void> {
  const { store, now } = context;
  const occupied = (now() - lease.createdAt) / SECOND;
  const ids = lease.limits.map(({ id }) => id);
  for (let tries = 0; tries < NUMBERS.slotTakes; tries++) {
    // Find the limits by id: names may have changed, and another limit may have the name now.
    const held = await readLimitsOfIds(store, ids);
    const after = held.map((one) => withGivenBack(one, lease.slots, now(), occupied));
    const done = await store.endSlotLease(lease, after, which);
    if (done !== 'outrun') return;
  }
  throw tooBusy();
}

/** @throws DibsError lease_lost */
export async function renewLease(
  { store, now }: Context,
  leaseId: string,
  lasts: Micros,
): Promise<void> {
  if (isLeaseOfNothing(leaseId)) return;
  const at = now();
  if (await store.renewSlotLease(leaseId, at, at + lasts)) return;
  throw new DibsError('lease_lost', 'Lease not found - it may have expired or been revoked', {
    hint: 'Others may hold its slots now: stop the work that needs them, and take slots again.',
  });
}

/** Ends the leases that have expired. Called every minute. */
export async function expireLeases(context: Context): Promise<void> {
  const { store, now } = context;
  for (const id of await store.listLapsedLeases(now())) {
    try {
      const lease = await store.readSlotLease(id);
      if (lease && lease.until < now()) await endLease(context, lease, 'unrenewed');
    } catch (error) {
      // Continue with the others; this one is tried again in a minute.
      tellFailure(context, 'recovery_failures', error);
    }
  }
}

const tooBusy = () =>
  new DibsError('too_busy', 'These concurrency limits kept changing while slots were given back.');
