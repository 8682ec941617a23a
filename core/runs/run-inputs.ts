import type { RunInput } from '../../model/runs/input-store.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';

/** @throws DibsError flow_run_not_found, run_input_exists */
export async function createRunInput(
  { store, newId, now }: Context,
  runId: string,
  input: Pick<RunInput, 'key' | 'value' | 'sender'>,
): Promise<void> {
  if (!(await store.readRun(runId))) throw runNotFound();
  const done = await store.createInput(runId, { ...input, id: newId(), createdAt: now() });
  if (done === 'exists') {
    throw new DibsError('run_input_exists', 'A flow run input with this key already exists.');
  }
}

/** The inputs whose keys start with `prefix`, oldest first. */
export async function filterRunInputs(
  { store }: Context,
  runId: string,
  {
    prefix,
    limit,
    exclude,
  }: { readonly prefix: string; readonly limit: number; readonly exclude: readonly string[] },
): Promise<RunInput[]> {
  const seen = new Set(exclude);
  return (await store.listInputs(runId, prefix))
    .filter(({ key }) => !seen.has(key))
    .sort((a, b) => a.createdAt - b.createdAt)
    .slice(0, limit);
}

/** @throws DibsError run_input_not_found */
export async function readRunInput(
  { store }: Context,
  runId: string,
  key: string,
): Promise<RunInput> {
  const input = await store.readInput(runId, key);
  if (!input) throw notFound();
  return input;
}

/** @throws DibsError run_input_not_found */
export async function deleteRunInput(
  { store }: Context,
  runId: string,
  key: string,
): Promise<void> {
  if ((await store.deleteInput(runId, key)) === 'missing') throw notFound();
}

const notFound = () => new DibsError('run_input_not_found', 'Flow run input not found');
