import type { Context } from '../core/context.ts';
import { runScheduler } from '../core/run-scheduler.ts';

/** Called every minute: makes the runs of schedules. Never rejects. */
export const scheduler = (context: Context) => async (): Promise<void> => {
  try {
    await runScheduler(context);
  } catch (error) {
    const { name, message } = error as Error;
    console.error(JSON.stringify({ level: 'error', service: 'scheduler', name, message }));
  }
};
