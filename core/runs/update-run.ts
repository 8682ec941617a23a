import type { Run } from '../../model/runs/run.ts';
import type { RunChange } from '../../model/runs/run-store.ts';
import { isScheduled } from '../../model/runs/state.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import { EMPTY_OBJECT, type JsonText } from '../../model/values/json-text.ts';
import type { Context } from '../context.ts';
import { CutTexts } from '../cut-texts.ts';
import { keepWholeTexts } from '../logs/write-logs.ts';
import { assertJobVariables } from '../parameters/job-variables.ts';
import { overlay } from '../parameters/parameters.ts';
import { claimLost } from '../proposals/claim-lost.ts';
import { type Identity, tokenFor } from '../proposals/identity.ts';
import { assertPayloadSize } from '../sizes.ts';
import { standing } from '../states/fence.ts';

export type RunPatch = Omit<RunChange, 'patchedAt' | 'parameters' | 'jobVariables'> & {
  readonly parameters?: JsonText;
  /**
   * May change only while the run is SCHEDULED, because later its infrastructure already exists.
   */
  readonly jobVariables?: JsonText;
};

/**
 * Changes fields of a run, never its state: the state id stays the same. A caller that sends a
 * claim token must still hold this claim.
 * @throws DibsError flow_run_not_found, claim_lost, payload_too_large, flow_run_not_scheduled,
 *   job_variables_invalid
 */
export async function updateRun(
  context: Context,
  id: string,
  { parameters, jobVariables, ...change }: RunPatch,
  identity: Identity,
): Promise<void> {
  const { store, now } = context;
  if (parameters) assertPayloadSize('parameters', parameters);
  if (jobVariables) await assertJobVariablesFit(context, id, jobVariables);
  const named = tokenFor(id, identity);
  const token = named === 'none' ? undefined : named;
  const texts = new CutTexts();
  const update: RunChange = {
    ...withTextsCut(change, texts),
    ...(parameters ? { parameters: await store.savePayload({ runId: id }, parameters) } : {}),
    ...(jobVariables ? { jobVariables: await store.savePayload({ runId: id }, jobVariables) } : {}),
    patchedAt: now(),
  };
  const updated = await store.updateRun(id, update, token);
  if (updated.done) return keepWholeTexts(context, { runId: id, taskRunId: null }, texts);
  const { run } = updated;
  if (!run) throw runNotFound();
  if (token && standing(run, { kind: 'token', token }) === 'stale') {
    throw await claimLost(context, run);
  }
  throw notScheduled(run);
}

type TextChange = Omit<RunPatch, 'parameters' | 'jobVariables'>;

const withTextsCut = (change: TextChange, texts: CutTexts): TextChange => ({
  ...change,
  ...(change.name === undefined ? {} : { name: texts.cut('name', change.name) }),
  ...(change.tags === undefined ? {} : { tags: texts.tags(change.tags) }),
  ...(change.flowVersion === undefined
    ? {}
    : { flowVersion: texts.cut('version of the flow', change.flowVersion) }),
});

/** Checks job variables, merged over the deployment's, against the pool's job template. */
async function assertJobVariablesFit(
  context: Context,
  id: string,
  jobVariables: JsonText,
): Promise<void> {
  assertPayloadSize('job variables', jobVariables);
  const { store } = context;
  const run = await store.readRun(id);
  if (!run) throw runNotFound();
  if (!isScheduled(run.stateType)) throw notScheduled(run);
  const place = run.queueId ? await store.readQueuePlace(run.queueId) : undefined;
  const pool = place && (await store.readPool(place.poolName, 'cached'));
  if (!pool) return;
  const [deployment] = run.deploymentId ? await store.readDeployments([run.deploymentId]) : [];
  const all = overlay(deployment?.jobVariables ?? EMPTY_OBJECT, jobVariables);
  assertJobVariables(pool.baseJobTemplate, all, { doing: 'updating flow run' });
}

const notScheduled = ({ stateType }: Run) =>
  new DibsError(
    'flow_run_not_scheduled',
    `Job variables for a flow run in state ${stateType} cannot be updated`,
  );
