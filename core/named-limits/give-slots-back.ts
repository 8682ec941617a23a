import type { NamedLimit, SlotLease } from '../../model/named-limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import { type Micros, SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { withGivenBack } from './counts.ts';
import { isLeaseOfNothing } from './take-slots.ts';

/** Slots that were taken without a lease. @throws DibsError too_busy */
export async function giveSlotsBack(
  context: Context,
  names: readonly string[],
  slots: number,
  occupied: number | undefined,
): Promise<readonly NamedLimit[]> {
  const { store, now } = context;
  for (let tries = 0; tries < NUMBERS.slotTakes; tries++) {
    const limits = await store.readNamedLimits([...new Set(names)]);
    const after = limits
      .filter((one) => one.active)
      .map((one) => withGivenBack(one, slots, now(), occupied));
    if (after.length === 0 || (await store.giveSlotsBack(after))) return limits;
  }
  throw tooBusy();
}

/** The slots of a lease; of one that is gone they are back already. @throws DibsError too_busy */
export async function giveLeaseBack(context: Context, leaseId: string): Promise<void> {
  const lease = await context.store.readSlotLease(leaseId);
  if (lease) await endLease(context, lease);
}

/** As it was read: one that was renewed since is left alone. @throws DibsError too_busy */
export async function endLease(context: Context, lease: SlotLease): Promise<void> {
  const { store, now } = context;
  const occupied = (now() - lease.createdAt) / SECOND;
  for (let tries = 0; tries < NUMBERS.slotTakes; tries++) {
    // By their ids: names may have changed, and another one may have the name by now.
    const names = await Promise.all(lease.limits.map(({ id }) => store.readNamedLimitName(id)));
    const limits = await store.readNamedLimits(names.flatMap((name) => name ?? []));
    const held = limits.filter(({ id }) => lease.limits.some((one) => one.id === id));
    const after = held.map((one) => withGivenBack(one, lease.slots, now(), occupied));
    const done = await store.endSlotLease(lease, after);
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
    hint: 'Its slots may be others’ by now: stop what needs them, and take slots anew.',
  });
}

/** Called every minute: slots of holders that are gone. */
export async function expireLeases(context: Context): Promise<void> {
  const { store, now } = context;
  for (const id of await store.listLapsedLeases(now())) {
    try {
      const lease = await store.readSlotLease(id);
      if (lease && lease.until < now()) await endLease(context, lease);
    } catch (error) {
      // The others' turn; this one's comes again in a minute.
      tellFailure(context, 'recovery_failures', error);
    }
  }
}

const tooBusy = () =>
  new DibsError('too_busy', 'These concurrency limits kept changing while slots were given back.');
