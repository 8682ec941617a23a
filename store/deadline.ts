import type { Instant } from '../core/instant.ts';

/** Aborted at `deadline`, in whole milliseconds: timers take no others, and instants have more. */
export const signalAt = (deadline: Instant, now: Instant): AbortSignal =>
  AbortSignal.timeout(Math.floor(Math.max(0, deadline - now) / 1000));
