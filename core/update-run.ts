import { claimLost } from './claim-lost.ts';
import { type Identity, tokenFor } from './claimants.ts';
import type { Context } from './context.ts';
import { DibsError, runNotFound } from './errors.ts';
import { standing } from './fence.ts';
import type { JsonText } from './json-text.ts';
import { assertPayloadSize } from './parameters.ts';
import type { RunChange } from './store.ts';

export type RunPatch = Omit<RunChange, 'patchedAt' | 'parameters' | 'jobVariables'> & {
  readonly parameters?: JsonText;
  /** Only while the run is SCHEDULED: later on its infrastructure is made. */
  readonly jobVariables?: JsonText;
};

/**
 * Changes fields of a run, never its state: the state's id stays as it is.
 * A caller that names a claim must have it still.
 * @throws DibsError flow_run_not_found, claim_lost, payload_too_large, flow_run_not_scheduled
 */
export async function updateRun(
  context: Context,
  id: string,
  { parameters, jobVariables, ...change }: RunPatch,
  identity: Identity,
): Promise<void> {
  const { store, now } = context;
  if (parameters) assertPayloadSize('parameters', parameters);
  if (jobVariables) assertPayloadSize('job variables', jobVariables);
  const named = tokenFor(id, identity);
  const token = named === 'none' ? undefined : named;
  const update: RunChange = {
    ...change,
    ...(parameters ? { parameters: await store.savePayload(id, parameters) } : {}),
    ...(jobVariables ? { jobVariables: await store.savePayload(id, jobVariables) } : {}),
    patchedAt: now(),
  };
  const updated = await store.updateRun(id, update, token);
  if (updated.done) return;
  const { run } = updated;
  if (!run) throw runNotFound();
  if (token && standing(run, { kind: 'token', token }) === 'stale') {
    throw await claimLost(context, run);
  }
  throw new DibsError(
    'flow_run_not_scheduled',
    'Job variables for a flow run can only be changed while it is SCHEDULED.',
  );
}
