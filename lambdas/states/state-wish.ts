import type * as z from 'zod';
import type { StateCreate } from '../../api/states/schemas.ts';
import type { StateWish } from '../../core/states/proposal.ts';
import { isScheduled, type StateType } from '../../model/runs/state.ts';
import { toIso } from '../../model/values/instant.ts';

type Wish = z.output<typeof StateCreate>;

/** A proposed state, in the types of core. */
export function stateWish(wish: Wish): StateWish {
  const { type, name, message, data, state_details: given } = wish;
  const details = keptDetails(type, given ?? {});
  return {
    type,
    ...(name ? { name } : {}),
    ...(message == null ? {} : { message }),
    ...(data == null ? {} : { data }),
    ...(given?.scheduled_time == null ? {} : { scheduledAt: given.scheduled_time }),
    ...(given?.transition_id == null ? {} : { transitionId: given.transition_id }),
    ...(details ? { details } : {}),
  };
}

/**
 * Details that are set and not stored elsewhere. Times are kept as the text that responses have.
 */
function keptDetails(
  type: StateType,
  given: NonNullable<Wish['state_details']>,
): Record<string, unknown> | undefined {
  const { flow_run_id, scheduled_time, transition_id, ...rest } = given;
  const kept = Object.entries(rest).filter(([, value]) => value != null && value !== false);
  // It does not schedule a state of another type; it is kept only to be returned.
  if (scheduled_time != null && !isScheduled(type)) kept.push(['scheduled_time', scheduled_time]);
  if (rest.retriable === false) kept.push(['retriable', false]);
  if (kept.length === 0) return undefined;
  const times = new Set(['cache_expiration', 'pause_timeout', 'scheduled_time']);
  return Object.fromEntries(
    kept.map(([name, value]) => [name, times.has(name) ? toIso(value as number) : value]),
  );
}
