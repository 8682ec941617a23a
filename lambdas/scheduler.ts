import type { Context } from '../core/context.ts';
import { runScheduler } from '../core/schedules/run-scheduler.ts';

/** Called every minute: creates the runs of schedules. Never rejects. */
export const scheduler = (context: Context) => async (): Promise<void> => {
  try {
    await runScheduler(context);
  } catch (error) {
    context.count('scheduling_failures', 1);
    context.log({
      level: 'error',
      message: 'round failed',
      facts: { lambda: 'scheduler' },
      error,
    });
  }
};
