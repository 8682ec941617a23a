import type { Instant } from './instant.ts';
import { LIMITS } from './limits.ts';

/** READY is what somebody polls. `polledAt`: null where nobody ever did. */
export const isPolled = (polledAt: Instant | null, now: Instant): boolean =>
  polledAt !== null && now - polledAt <= LIMITS.polledFor;
