import type { Run, RunState } from '../../model/runs/run.ts';
import { defaultName, isScheduled } from '../../model/runs/state.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { decidedTransition } from '../states/transition.ts';

const WHY = { text: 'Its deployment was deleted.' };

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
  for (let i = 0; i < ids.length; i += NUMBERS.recoverAtOnce) {
    if (now() > until) {
      throw new DibsError(
        'too_busy',
        'This deployment has more waiting runs than can be cancelled at once.',
        {
          hint: 'Repeat the request: it continues with the remaining runs.',
        },
      );
    }
    const runs = await store.readRuns(ids.slice(i, i + NUMBERS.recoverAtOnce));
    await Promise.all(runs.map((run) => cancelIfWaiting(context, run)));
  }
  return new Set(ids);
}

async function idsOf({ store }: Context, deploymentId: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const window = { deploymentIds: [deploymentId], limit: NUMBERS.readAtOnce };
    const { entries, next } = await store.listRuns({ ...window, ...(after ? { after } : {}) });
    ids.push(...entries.map(({ runId }) => runId));
    after = next;
  } while (after !== undefined);
  return ids;
}

const isWaiting = (run: Run): boolean => isScheduled(run.stateType) && !run.claim;

async function cancelIfWaiting({ store, newId, now }: Context, found: Run): Promise<void> {
  let run: Run | undefined = found;
  for (let tries = 0; run && isWaiting(run) && tries < NUMBERS.decisions; tries++) {
    const type = 'CANCELLED';
    const state: RunState = { id: newId(), type, name: defaultName(type), at: now(), message: WHY };
    const to = decidedTransition(run, state, { kind: 'keep' });
    const done = await store.transition(to, { kind: 'decided', run });
    run = done.done ? undefined : done.run;
  }
}
