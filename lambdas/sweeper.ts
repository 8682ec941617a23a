import type { Context } from '../core/context.ts';
import { expirePauses } from '../core/expire-pauses.ts';
import { expireLeases } from '../core/give-slots-back.ts';
import { sweep } from '../core/sweep.ts';

/** Called every minute: the backstop for what no poll has come across. Never rejects. */
export const sweeper = (context: Context) => async (): Promise<void> => {
  try {
    // Each keeps what fails for one run to itself: what comes out of them is that nothing answers.
    await sweep(context);
    await expirePauses(context);
    await expireLeases(context);
  } catch (error) {
    const { name, message } = error as Error;
    console.error(JSON.stringify({ level: 'error', service: 'sweeper', name, message }));
  }
};
