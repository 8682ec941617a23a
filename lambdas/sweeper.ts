import { type Backlog, readBacklogs } from '../core/backlog.ts';
import type { Context } from '../core/context.ts';
import { expirePauses } from '../core/expire-pauses.ts';
import { expireLeases } from '../core/give-slots-back.ts';
import { assertSchema } from '../core/schema.ts';
import { sweep } from '../core/sweep.ts';

type TellBacklog = (backlog: Backlog) => void;

/** Called every minute: the backstop for what no poll has come across. Never rejects. */
export const sweeper = (context: Context, tell?: TellBacklog) => async (): Promise<void> => {
  try {
    // Each keeps what fails for one run to itself: what comes out of them is that nothing answers.
    await assertSchema(context);
    await sweep(context);
    await expirePauses(context);
    await expireLeases(context);
    if (tell) for (const one of await readBacklogs(context)) tell(one);
  } catch (error) {
    context.count('recovery_failures', 1);
    context.log({ level: 'error', message: 'round failed', facts: { lambda: 'sweeper' }, error });
  }
};
