import type { Run, RunState } from '../../model/runs/run.ts';
import { defaultName, isCancelling } from '../../model/runs/state.ts';
import { byHandText, type Person } from '../../model/values/by-hand.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { decidedTransition } from '../states/transition.ts';

/**
 * Takes a run from the session that holds it and puts the run back into its queue. A CANCELLING run
 * becomes CANCELLED instead. The former holder can change nothing from this moment on; it learns of
 * the release at its next heartbeat.
 *
 * This ends only the claim that was found at the start: if the run ends in the meantime, it stays
 * ended; if another session claims it in the meantime, that session keeps it.
 * @throws DibsError flow_run_not_found, flow_run_not_held, too_busy
 */
export async function releaseRun(context: Context, id: string, operator: Person): Promise<Run> {
  const { store } = context;
  let run = await store.readRun(id);
  if (!run) throw runNotFound();
  const { attempt } = run;
  const message = await store.savePayload({ runId: id }, byHandText('Released', operator));
  // All tries use one state id: if the response to a write was lost, the next try recognizes that
  // write by this id.
  const stateId = context.newId();
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    assertReleasable(run, attempt);
    const type = isCancelling(run.stateType) ? 'CANCELLED' : 'SCHEDULED';
    const at = context.now();
    const state: RunState = {
      id: stateId,
      type,
      name: defaultName(type),
      at,
      message,
      cause: 'released',
      ...(type === 'SCHEDULED' ? { scheduledAt: at } : {}),
    };
    const transition = decidedTransition(run, state, { kind: 'end' });
    const written = await store.transition(transition, { kind: 'decided', run });
    if (written.done || written.run?.states.some((known) => known.id === stateId)) {
      context.count('transitions', 1);
      return (await store.readRun(id)) ?? run;
    }
    if (!written.run) throw runNotFound();
    run = written.run;
  }
  throw new DibsError('too_busy', 'The run kept changing while it was being released.');
}

function assertReleasable(run: Run, attempt: number): void {
  if (!run.claim) {
    throw new DibsError('flow_run_not_held', `Nobody holds this run: it is ${run.stateType}.`);
  }
  if (run.attempt !== attempt) {
    throw new DibsError('flow_run_not_held', 'This run was claimed again in the meantime.');
  }
  if (run.queueId) return;
  throw new DibsError('flow_run_not_held', 'This run was started by hand and has no queue.', {
    hint: 'Cancel it, or set a final state with force.',
  });
}
