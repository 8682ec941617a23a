import { NOBODY } from './claimants.ts';
import type { Context } from './context.ts';
import { type DuePause, NEVER_RESUMED, pausedUntil } from './pauses.ts';
import { currentState } from './run.ts';
import { setState } from './set-state.ts';
import { tellFailure } from './tell-failure.ts';

/**
 * Fails the runs whose pause ended by itself. A note proposes, the run decides: who was resumed, or
 * paused anew, is left alone.
 */
export async function expirePauses(context: Context): Promise<void> {
  const due = await context.store.listDuePauses(context.now());
  for (const pause of due) {
    try {
      await expire(context, pause);
    } catch (error) {
      // The others' turn; this one's comes again in a minute.
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
