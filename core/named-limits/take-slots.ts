import type { LeaseHolder, NamedLimit, SlotLease } from '../../model/named-limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Micros } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { hasRoom, retryAfter, withTaken } from './counts.ts';

export interface TakeSlots {
  readonly names: readonly string[];
  readonly slots: number;
  readonly rateLimit: boolean;
  /** Absent: the slots are taken without a lease, so until a caller gives them back. */
  readonly lease?: { readonly lasts: Micros; readonly holder: LeaseHolder | null };
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
    const active = limits.filter((one) => one.active);
    assertTakeable(active, call);
    const at = now();
    if (active.length === 0) return { limits, leaseId: leaseOfNothing(newId()) };
    const full = active.filter((one) => !hasRoom(one, call.slots, at));
    if (full.length > 0 || tries >= NUMBERS.slotTakes) {
      throw taken(full, retryAfter(active, call.slots, at, random));
    }
    const lease: SlotLease | undefined = call.lease && {
      id: newId(),
      limits: active.map(({ id, name }) => ({ id, name })),
      slots: call.slots,
      holder: call.lease.holder,
      createdAt: at,
      until: at + call.lease.lasts,
    };
    const after = active.map((one) => withTaken(one, call.slots, at));
    if (await store.takeSlots(after, lease)) return { limits, leaseId: lease?.id ?? '' };
  }
}

/** @throws DibsError invalid_request */
function assertTakeable(limits: readonly NamedLimit[], { slots, rateLimit }: TakeSlots): void {
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

const taken = (full: readonly NamedLimit[], seconds: number) =>
  new DibsError(
    'concurrency_slots_taken',
    full.length > 0
      ? `Concurrency limit ${full.map(({ name }) => `"${name}"`).join(', ')} is full.`
      : 'Other callers keep taking slots of the same concurrency limits.',
    { facts: { retry_after: seconds } },
  );

/** A lease for slots of no limit. It is stored nowhere, so it can never be lost. */
const NOTHING = '00000000-0000-8000-8000-';
const leaseOfNothing = (id: string): string => NOTHING + id.slice(-12);
export const isLeaseOfNothing = (id: string): boolean => id.startsWith(NOTHING);
