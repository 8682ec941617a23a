import type { Context } from '../core/context.ts';
import { type Backlog, readBacklogs } from '../core/dispatch/backlog.ts';
import { tellFailure } from '../core/failures.ts';
import { freeAbandonedSlots } from '../core/named-limits/abandoned-slots.ts';
import { expireLeases } from '../core/named-limits/give-slots-back.ts';
import { cancelAllChildren } from '../core/proposals/cancel-children.ts';
import { expirePauses } from '../core/proposals/expire-pauses.ts';
import { assertSchema } from '../core/recovery/assert-schema.ts';
import { sweep } from '../core/recovery/sweep.ts';

type TellBacklog = (backlog: Backlog) => void;

/** Called every minute: the backstop for what no poll has found. Never rejects. */
export const sweeper = (context: Context, tell?: TellBacklog) => async (): Promise<void> => {
  if (tell) await tellBacklogs(context, tell);
  try {
    // Each handles failures of single runs itself. It throws only if the database does not respond.
    await assertSchema(context);
    await sweep(context);
    await expirePauses(context);
    await cancelAllChildren(context);
    await expireLeases(context);
    await freeAbandonedSlots(context);
  } catch (error) {
    context.count('recovery_failures', 1);
    context.log({ level: 'error', message: 'round failed', facts: { lambda: 'sweeper' }, error });
  }
};

/** Runs first: when the rest takes too long, scaling needs these numbers most. */
async function tellBacklogs(context: Context, tell: TellBacklog): Promise<void> {
  try {
    for (const one of await readBacklogs(context)) tell(one);
  } catch (error) {
    tellFailure(context, 'recovery_failures', error);
  }
}
