import type { DuePause } from '../../model/runs/pause-store.ts';
import { currentState } from '../../model/runs/run.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { NEVER_RESUMED, pausedUntil } from '../states/pauses.ts';
import { NOBODY } from './identity.ts';
import { setState } from './set-state.ts';

/**
 * Fails the runs whose pause has timed out. The list of due pauses only proposes runs; the run
 * itself decides: a run that was resumed, or paused again, is left alone.
 */
export async function expirePauses(context: Context): Promise<void> {
  const due = await context.store.listDuePauses(context.now());
  for (const pause of due) {
    try {
      await expire(context, pause);
    } catch (error) {
      // Continue with the others; the next sweep, in a minute, tries this one again.
      tellFailure(context, 'recovery_failures', error);
    }
  }
}

async function expire(context: Context, pause: DuePause): Promise<void> {
  const { store } = context;
  const run = await store.readRun(pause.runId);
  const until = run && pausedUntil(currentState(run));
  if (run && until !== undefined && until < context.now()) {
    await setState(context, {
      runId: run.id,
      state: { type: 'FAILED', message: NEVER_RESUMED },
      force: true,
      identity: NOBODY,
      onlyFrom: run.stateId,
    });
  }
  await store.forgetPause(pause);
}
