import type { Run, RunState } from '../../model/runs/run.ts';
import { defaultName, isScheduled } from '../../model/runs/state.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { decidedTransition } from './transition.ts';

/** A run that waits, and that nobody holds. */
const isWaiting = (run: Run | undefined): run is Run =>
  run !== undefined && isScheduled(run.stateType) && !run.claim;

/**
 * Writes CANCELLED, with the reason, on a run that waits and that nobody holds. A run that changes
 * meanwhile is decided on again, as its lost write shows it, and no more than `tries` times.
 * Gives false where the run no longer waits, or keeps changing: whoever changed it decides about it.
 */
export async function cancelWaitingRun(
  { store, newId, now }: Pick<Context, 'store' | 'newId' | 'now'>,
  found: Run | undefined,
  reason: string,
  tries: number = NUMBERS.decisions,
): Promise<boolean> {
  let run = found;
  for (let tried = 0; isWaiting(run) && tried < tries; tried++) {
    const type = 'CANCELLED';
    const message = { text: reason };
    const state: RunState = { id: newId(), type, name: defaultName(type), at: now(), message };
    const to = decidedTransition(run, state, { kind: 'keep' });
    const written = await store.transition(to, { kind: 'decided', run });
    if (written.done) return true;
    run = written.run;
  }
  return false;
}
