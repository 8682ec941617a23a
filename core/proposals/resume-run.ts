import { currentState } from '../../model/runs/run.ts';
import { isPaused, STATE_NAME } from '../../model/runs/state.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import { EMPTY_OBJECT, type JsonText } from '../../model/values/json-text.ts';
import type { Context } from '../context.ts';
import { hydrate } from '../parameters/hydrate.ts';
import { refusal } from '../parameters/schema/check.ts';
import { prepared } from '../parameters/schema/prefect-schema.ts';
import { suspends } from '../states/pauses.ts';
import type { Identity } from './identity.ts';
import type { Outcome } from './outcome.ts';
import { setState } from './set-state.ts';

/**
 * The keys of the run inputs under which the paused code put its schema and expects the response.
 */
interface Keyset {
  readonly schema: string;
  readonly response: string;
}

/**
 * Resumes a paused run. If its process still waits, the run becomes RUNNING; if it was suspended,
 * it becomes SCHEDULED, for the next claim. The input that the run waits for is checked against the
 * run's schema and stored before the run continues.
 *
 * @returns undefined if the run is not paused; then nothing was tried
 * @throws DibsError flow_run_not_found, and what setState throws
 */
export async function resumeRun(
  context: Context,
  runId: string,
  input: JsonText | undefined,
  identity: Identity,
): Promise<Outcome | undefined> {
  const run = await context.store.readRun(runId);
  if (!run) throw runNotFound();
  const state = currentState(run);
  if (!isPaused(state.type)) return undefined;
  const keyset = state.details?.['run_input_keyset'] as Keyset | undefined;
  const reason = keyset && (await sendInput(context, runId, keyset, input ?? EMPTY_OBJECT));
  if (reason !== undefined) return { status: 'REJECT', reason, run, state, wrote: false };
  return setState(context, {
    runId,
    state: suspends(state)
      ? { type: 'SCHEDULED', name: STATE_NAME.resuming, scheduledAt: context.now() }
      : { type: 'RUNNING' },
    force: false,
    identity,
    onlyFrom: run.stateId,
  });
}

/** Stores the input. Returns why it is not what the run waits for; undefined if it was stored. */
async function sendInput(
  context: Context,
  runId: string,
  { schema: schemaKey, response }: Keyset,
  given: JsonText,
): Promise<string | undefined> {
  const { store, newId, now } = context;
  const schema = await store.readInput(runId, schemaKey);
  if (!schema) return 'Run input schema not found.';
  const parsed = asJson(schema.value);
  if (parsed === undefined) return 'Run input schema is not valid JSON.';
  const input = await hydrated(context, given);
  if (typeof input === 'string') return input;
  const wrong = refusal(prepared(parsed), input.parse());
  if (wrong) return wrong.of === 'value' ? `Reason: ${wrong.why}` : wrong.why;
  const sent = { id: newId(), key: response, value: input.text, sender: null, createdAt: now() };
  // If two callers resume the run at the same time, the first one's input counts.
  await store.createInput(runId, sent);
  return undefined;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function hydrated(context: Context, input: JsonText): Promise<JsonText | string> {
  try {
    return await hydrate(context, input, 'run input');
  } catch (error) {
    if (!(error instanceof DibsError)) throw error;
    return error.message;
  }
}
