import type { WorkQueue } from '../../model/pools.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/** The lowest priority number that no queue of the pool has. */
export function freePriority(queues: readonly WorkQueue[]): number {
  const taken = new Set(queues.map(({ priority }) => priority));
  let free = 1;
  while (taken.has(free)) free++;
  return free;
}

/**
 * Makes `priority` free. Returns the queues that have to move back for this, with their new
 * priorities; each moves only as far as it must.
 */
export function makeRoom(queues: readonly WorkQueue[], priority: number, at: Instant): WorkQueue[] {
  const moved: WorkQueue[] = [];
  let taken = priority;
  const after = queues.filter((queue) => queue.priority >= priority);
  for (const queue of after.sort((a, b) => a.priority - b.priority)) {
    if (queue.priority > taken) break;
    taken += 1;
    moved.push({ ...queue, priority: taken, updatedAt: at });
  }
  if (moved.length <= NUMBERS.queuesMoved) return moved;
  throw new DibsError(
    'invalid_request',
    `Priority ${priority} would move ${moved.length} queues back; at most ${NUMBERS.queuesMoved} can move.`,
    { hint: 'Choose a priority that no queue has, or a number after them.' },
  );
}
