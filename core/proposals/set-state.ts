import type { Context } from '../context.ts';
import { cancelChildren } from './cancel-children.ts';
import type { Outcome, SetState } from './outcome.ts';
import { proposeState } from './propose-state.ts';

/**
 * Sets a run's state, and cancels what a run that is cancelled has started.
 * @throws what proposeState throws
 */
export async function setState(context: Context, call: SetState): Promise<Outcome> {
  const outcome = await proposeState(context, call);
  const { wrote, run, state } = outcome;
  // A run that was never claimed has started nothing.
  if (wrote && run?.attempt !== 0) await cancelChildren(context, call.runId, state.type);
  return outcome;
}
