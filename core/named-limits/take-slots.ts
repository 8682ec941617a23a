import { v5 } from 'uuid';
import type { LeaseHolder, NamedLimit, SlotLease } from '../../model/named-limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Instant, Micros } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { hasRoom, retryAfter, withTaken, withUncounted } from './counts.ts';

export interface TakeSlots {
  /** What is said if a limit is full; by default, which one is. */
  readonly whenFull?: (full: NamedLimit) => string;
  readonly names: readonly string[];
  readonly slots: number;
  readonly rateLimit: boolean;
  /** Absent: the slots are taken without a lease, so until a caller gives them back. */
  readonly lease?: LeaseWish;
}

interface LeaseWish {
  readonly lasts: Micros;
  readonly holder: LeaseHolder | null;
  /**
   * Each limit has a lease of its own, and the holder has one at most: a limit whose slots it
   * holds already is left out, so that a repeated request takes nothing twice.
   */
  readonly once?: boolean;
}

export interface TakenSlots {
  readonly limits: readonly NamedLimit[];
  readonly leaseId: string;
}

/**
 * Takes the given number of slots of each of these limits, or takes none at all. Names without a
 * limit, and limits that are not active, never refuse.
 * @throws DibsError invalid_request, concurrency_slots_taken
 */
export async function takeSlots(context: Context, call: TakeSlots): Promise<TakenSlots> {
  const { store, now, newId, random } = context;
  for (let tries = 0; ; tries++) {
    const limits = await store.readNamedLimits([...new Set(call.names)]);
    const active = await notYetHeld(
      context,
      limits.filter((one) => one.active),
      call,
    );
    assertTakeable(active, call);
    const at = now();
    const uncounted = call.lease || call.rateLimit ? [] : limits.filter((one) => !one.active);
    if (active.length + uncounted.length === 0) {
      return { limits, leaseId: leaseOfNothing(newId()) };
    }
    const full = active.filter((one) => !hasRoom(one, call.slots, at));
    if (full.length > 0 || tries >= NUMBERS.slotTakes) {
      throw taken(full, call, retryAfter(active, call.slots, at, random));
    }
    const leases = call.lease
      ? leasesOf(active, { ...call.lease, newId, at, slots: call.slots })
      : [];
    const after = [
      ...active.map((one) => withTaken(one, call.slots, at)),
      ...uncounted.map((one) => withUncounted(one, call.slots)),
    ];
    const done = await store.takeSlots(after, leases);
    if (done) return { limits, leaseId: leases[0]?.id ?? '' };
  }
}

/** The limits of which the call's holder has no slots yet. */
async function notYetHeld(
  { store }: Context,
  limits: readonly NamedLimit[],
  { lease }: TakeSlots,
): Promise<readonly NamedLimit[]> {
  if (!lease?.once) return limits;
  const ids = limits.map((limit) => leaseIdOf(limit, lease.holder));
  const held = await Promise.all(ids.map((id) => store.readSlotLease(id)));
  return limits.filter((_, i) => !held[i]);
}

function leasesOf(
  limits: readonly NamedLimit[],
  of: LeaseWish & Pick<Context, 'newId'> & { readonly at: Instant; readonly slots: number },
): SlotLease[] {
  const lease = (id: string, some: readonly NamedLimit[]): SlotLease => ({
    id,
    limits: some.map(({ id: limitId, name }) => ({ id: limitId, name })),
    slots: of.slots,
    holder: of.holder,
    createdAt: of.at,
    until: of.at + of.lasts,
  });
  return of.once
    ? limits.map((limit) => lease(leaseIdOf(limit, of.holder), [limit]))
    : [lease(of.newId(), limits)];
}

/** The same for each request, so that the second write finds the lease of the first. */
const leaseIdOf = (limit: NamedLimit, holder: LeaseHolder | null): string =>
  v5(`${holder?.type} ${holder?.id}`, limit.id);

/** @throws DibsError invalid_request */
function assertTakeable(limits: readonly NamedLimit[], { slots, rateLimit }: TakeSlots): void {
  if (limits.length > NUMBERS.limitsAtOnce) {
    const at = NUMBERS.limitsAtOnce;
    throw new DibsError(
      'invalid_request',
      `Slots of more than ${at} limits cannot be taken at once`,
      {
        hint: 'Take them in several requests, or use one limit for what belongs together.',
      },
    );
  }
  if (limits.some(({ limit }) => limit < slots)) {
    throw new DibsError('invalid_request', 'Slots requested is greater than the limit', {
      hint: 'Ask for fewer slots, or raise the limit: prefect gcl update NAME --limit N.',
    });
  }
  const steady = limits.filter(({ slotDecayPerSecond }) => slotDecayPerSecond === 0);
  if (!rateLimit || steady.length === 0) return;
  const names = steady.map(({ name }) => name).join(',');
  throw new DibsError(
    'invalid_request',
    'Only concurrency limits with slot decay can be used for rate limiting. The following limits ' +
      `do not have a decay configured: '${names}'`,
    { hint: 'Set one: prefect gcl update NAME --slot-decay-per-second N.' },
  );
}

function taken(full: readonly NamedLimit[], { whenFull }: TakeSlots, seconds: number) {
  const [first] = full;
  const names = full.map(({ name }) => `"${name}"`).join(', ');
  const isFull = first && whenFull ? whenFull(first) : `Concurrency limit ${names} is full.`;
  const text = first ? isFull : 'Other callers keep taking slots of the same concurrency limits.';
  return new DibsError('concurrency_slots_taken', text, { facts: { retry_after: seconds } });
}

/** A lease for slots of no limit. It is stored nowhere, so it can never be lost. */
const NOTHING = '00000000-0000-8000-8000-';
const leaseOfNothing = (id: string): string => NOTHING + id.slice(-12);
export const isLeaseOfNothing = (id: string): boolean => id.startsWith(NOTHING);
