import { NOBODY } from './claimants.ts';
import type { Context } from './context.ts';
import { DibsError, runNotFound } from './errors.ts';
import { byHandText, type Operator } from './operators.ts';
import type { Run } from './run.ts';
import { setState } from './set-state.ts';
import { isCancelling } from './state.ts';

/**
 * Takes a run from whoever holds it, and puts it back into its queue; one that is to be cancelled is
 * cancelled. The holder hears of it at its next heartbeat, and can change nothing any more at once.
 * @throws DibsError flow_run_not_found, flow_run_not_held, too_busy
 */
export async function releaseRun(context: Context, id: string, operator: Operator): Promise<Run> {
  const { store } = context;
  const run = await store.readRun(id);
  if (!run) throw runNotFound();
  if (!run.claim) {
    throw new DibsError('flow_run_not_held', `Nobody holds this run: it is ${run.stateType}.`);
  }
  if (!run.queueId) {
    throw new DibsError(
      'flow_run_not_held',
      'This run is executed by hand: it waits in no queue.',
      {
        hint: 'Cancel it, or set a final state with force.',
      },
    );
  }
  const message = byHandText('Released', operator);
  const type = isCancelling(run.stateType) ? 'CANCELLED' : 'SCHEDULED';
  const state = { type, message, cause: 'released' } as const;
  await setState(context, { runId: id, state, force: true, identity: NOBODY });
  return (await store.readRun(id)) ?? run;
}
