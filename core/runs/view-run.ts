import type { QueuePlace } from '../../model/pools.ts';
import { currentState, type Payload, type Run, type RunState } from '../../model/runs/run.ts';
import type { Owner } from '../../model/runs/run-store.ts';
import { JsonText } from '../../model/values/json-text.ts';
import type { Context } from '../context.ts';
import { inOrder } from '../states/history.ts';
import { withLateness } from '../states/lateness.ts';
import { labelsOf } from './labels.ts';

/** A state with its large parts loaded. */
export interface StateView {
  readonly state: RunState;
  readonly message: string | null;
  readonly data: JsonText | null;
}

/** A run with everything that a response shows of it. */
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
