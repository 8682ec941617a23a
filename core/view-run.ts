import type { Context } from './context.ts';
import { inOrder } from './history.ts';
import { type Instant, SECOND } from './instant.ts';
import { JsonText } from './json-text.ts';
import { labelsOf } from './labels.ts';
import type { QueuePlace } from './records.ts';
import { currentState, type Payload, type Run, type RunState } from './run.ts';
import { defaultName, isScheduled, STATE_NAME } from './state.ts';
import type { Owner } from './store.ts';

/** A state with its large parts at hand. */
export interface StateView {
  readonly state: RunState;
  readonly message: string | null;
  readonly data: JsonText | null;
}

/** A run with everything that is shown of it at hand. */
export interface RunView {
  readonly run: Run;
  readonly state: StateView;
  readonly parameters: JsonText;
  readonly jobVariables: JsonText;
  readonly context: JsonText;
  readonly labels: JsonText;
  readonly place: QueuePlace | undefined;
}

export async function viewRun(context: Context, run: Run): Promise<RunView> {
  const { store } = context;
  const text = async (payload: Payload | undefined) =>
    new JsonText(payload ? await store.readPayload({ runId: run.id }, payload) : '{}');
  const state = inOrder(run.states).at(-1) ?? currentState(run);
  const place = run.queueId ? await store.readQueuePlace(run.queueId) : undefined;
  return {
    run,
    state: await viewState(context, { runId: run.id }, withLateness(state, context.now())),
    parameters: await text(run.parameters),
    jobVariables: await text(run.jobVariables),
    context: await text(run.context),
    labels: labelsOf(run, place),
    place,
  };
}

export const viewRuns = (context: Context, runs: readonly Run[]): Promise<RunView[]> =>
  Promise.all(runs.map((run) => viewRun(context, run)));

export async function viewState(
  { store }: Context,
  owner: Owner,
  state: RunState,
): Promise<StateView> {
  const { message, data } = state;
  return {
    state,
    message: message ? await store.readPayload(owner, message) : null,
    data: data ? new JsonText(await store.readPayload(owner, data)) : null,
  };
}

export const LATE_AFTER = 15 * SECOND;

/** Late is how a waiting run looks 15 s after its time: seen when read, never written. */
export function withLateness(state: RunState, now: Instant): RunState {
  const late =
    isScheduled(state.type) &&
    state.name === defaultName(state.type) &&
    now - (state.scheduledAt ?? state.at) > LATE_AFTER;
  return late ? { ...state, name: STATE_NAME.late } : state;
}
