import type { Context } from './context.ts';
import { runNotFound } from './errors.ts';
import type { RunChange } from './store.ts';

/**
 * Changes fields of a run, never its state: the state's id stays as it is.
 * @throws DibsError flow_run_not_found
 */
export async function updateRun(
  { store, now }: Context,
  id: string,
  change: Omit<RunChange, 'patchedAt'>,
): Promise<void> {
  const done = await store.updateRun(id, { ...change, patchedAt: now() });
  if (done === 'missing') throw runNotFound();
}
