import type { Context } from './context.ts';
import type { Instant } from './instant.ts';
import { LIMITS } from './limits.ts';
import type { WorkQueue } from './records.ts';

/** READY is what somebody polls. `polledAt`: null where nobody ever did. */
export const isPolled = (polledAt: Instant | null, now: Instant): boolean =>
  polledAt !== null && now - polledAt <= LIMITS.polledFor;

/** What is shown of a queue is no reason for a poll to fail. */
export async function stampPolled({ store }: Context, queues: readonly WorkQueue[]): Promise<void> {
  await store.stampPolled(queues.map(({ id }) => id)).catch(() => undefined);
}
