import type { RunState } from '../../model/runs/run.ts';
import type { Context } from '../context.ts';

/**
 * Deletes the inputs under the keys that a pause waits for, before the pause begins. The pause has
 * not fired yet in this execution, so whatever is stored there answers an earlier one. The paused
 * code writes its question afterwards.
 */
export async function forgetAnswers(
  { store }: Context,
  runId: string,
  { details }: RunState,
): Promise<void> {
  const keys = Object.values((details?.['run_input_keyset'] ?? {}) as Record<string, string>);
  await Promise.all(keys.map((key) => store.deleteInput(runId, key)));
}
