import type { Context } from './context.ts';
import { DibsError, runNotFound } from './errors.ts';
import type { JsonText } from './json-text.ts';
import { assertParametersSize } from './parameters.ts';
import type { RunChange } from './store.ts';

export type RunPatch = Omit<RunChange, 'patchedAt' | 'parameters' | 'jobVariables'> & {
  readonly parameters?: JsonText;
  /** Only while the run is SCHEDULED: later on its infrastructure is made. */
  readonly jobVariables?: JsonText;
};

/**
 * Changes fields of a run, never its state: the state's id stays as it is.
 * @throws DibsError flow_run_not_found, payload_too_large, flow_run_not_scheduled
 */
export async function updateRun(
  { store, now }: Context,
  id: string,
  { parameters, jobVariables, ...change }: RunPatch,
): Promise<void> {
  if (parameters) assertParametersSize(parameters);
  const done = await store.updateRun(id, {
    ...change,
    ...(parameters ? { parameters: await store.savePayload(id, parameters) } : {}),
    ...(jobVariables ? { jobVariables: await store.savePayload(id, jobVariables) } : {}),
    patchedAt: now(),
  });
  if (done === 'missing') throw runNotFound();
  if (done === 'not scheduled') {
    throw new DibsError(
      'flow_run_not_scheduled',
      'Job variables for a flow run can only be changed while it is SCHEDULED.',
    );
  }
}
