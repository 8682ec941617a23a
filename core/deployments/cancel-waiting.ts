import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches, pages } from '../batches.ts';
import type { Context } from '../context.ts';
import { cancelWaitingRun } from '../states/cancel-waiting-run.ts';

const WHY = 'Its deployment was deleted.';

/**
 * Cancels the waiting runs of a deployment that no session holds. Returns the ids of all runs that
 * it looked at; ids in `seen` are skipped.
 * @throws DibsError too_busy if there are too many for one call; another call continues
 */
export async function cancelWaiting(
  context: Context,
  deploymentId: string,
  seen: ReadonlySet<string> = new Set(),
): Promise<ReadonlySet<string>> {
  const { store, now } = context;
  const until = now() + NUMBERS.cancelsFor;
  const ids = (await idsOf(context, deploymentId)).filter((id) => !seen.has(id));
  for (const some of inBatches(ids, NUMBERS.recoverAtOnce)) {
    if (now() > until) {
      throw new DibsError(
        'too_busy',
        'This deployment has more waiting runs than can be cancelled at once.',
        {
          hint: 'Repeat the request: it continues with the remaining runs.',
        },
      );
    }
    const runs = await store.readRuns(some);
    await Promise.all(runs.map((run) => cancelWaitingRun(context, run, WHY)));
  }
  return new Set(ids);
}

async function idsOf({ store }: Context, deploymentId: string): Promise<string[]> {
  const ids: string[] = [];
  const window = { deploymentIds: [deploymentId], limit: NUMBERS.readAtOnce };
  for await (const { entries } of pages((onFrom) => store.listRuns({ ...window, ...onFrom }))) {
    ids.push(...entries.map(({ runId }) => runId));
  }
  return ids;
}
