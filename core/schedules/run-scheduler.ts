import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { visitSchedules } from './visit-schedules.ts';

/**
 * One round of the scheduler: visits the deployments that are due, until none is left or time is
 * up. Only due deployments are read, so only they cost anything.
 */
export async function runScheduler(context: Context): Promise<void> {
  const { store, now } = context;
  const until = now() + NUMBERS.schedulesFor;
  const failed = new Set<string>();
  const visit = async (id: string): Promise<boolean> => {
    try {
      return (await visitSchedules(context, id)) === 'visited';
    } catch (error) {
      // Continue with the others; the scheduler tries this one again in a minute.
      tellFailure(context, 'scheduling_failures', error);
      failed.add(id);
      return false;
    }
  };
  for (let moved = true; moved && now() < until; ) {
    const due = (await store.listDueVisits(now())).filter((id) => !failed.has(id));
    moved = false;
    for (let i = 0; i < due.length && now() < until; i += NUMBERS.visitsAtOnce) {
      const visited = await Promise.all(due.slice(i, i + NUMBERS.visitsAtOnce).map(visit));
      moved ||= visited.includes(true);
    }
  }
}
