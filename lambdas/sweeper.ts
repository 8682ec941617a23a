import type { Context } from '../core/context.ts';
import { expirePauses } from '../core/expire-pauses.ts';
import { sweep } from '../core/sweep.ts';

/** Called every minute: the backstop for what no poll has come across. Never rejects. */
export const sweeper = (context: Context) => async (): Promise<void> => {
  for (const duty of [sweep, expirePauses]) {
    try {
      await duty(context);
    } catch (error) {
      const { name, message } = error as Error;
      console.error(JSON.stringify({ level: 'error', service: 'sweeper', name, message }));
    }
  }
};
