import type { QueuePlace } from '../../model/pools.ts';
import { currentState, type Payload, type Run, type RunState } from '../../model/runs/run.ts';
import type { Owner } from '../../model/runs/run-store.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { inOrder } from '../states/history.ts';
import { withLateness } from '../states/lateness.ts';
import { shownMessage, wholeMessage } from '../states/long-message.ts';
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

/** `view`: how its state is shown. Where one run is read, its message is shown whole. */
export async function viewRun(
  context: Context,
  run: Run,
  view: typeof viewState = viewState,
): Promise<RunView> {
  const { store } = context;
  const text = async (payload: Payload | undefined) =>
    new JsonText(payload ? await store.readPayload({ runId: run.id }, payload) : '{}');
  const state = inOrder(run.states).at(-1) ?? currentState(run);
  const place = run.queueId ? await store.readQueuePlace(run.queueId) : undefined;
  return {
    run,
    state: await view(context, { runId: run.id }, withLateness(state, context.now())),
    parameters: await text(run.parameters),
    jobVariables: await text(run.jobVariables),
    context: await text(run.context),
    labels: labelsOf(run, place),
    place,
  };
}

export const viewRuns = (context: Context, runs: readonly Run[]): Promise<RunView[]> =>
  Promise.all(runs.map((run) => viewRun(context, run)));

/** A long message is shown as far as lists show it. */
export async function viewState(
  { store }: Context,
  owner: Owner,
  state: RunState,
): Promise<StateView> {
  const { message, data } = state;
  const head = message && (await store.readPayloadHead(owner, message));
  return {
    state,
    message: head === undefined ? null : shownMessage(head, sizeOf(message), whereWhole(owner)),
    data: data ? new JsonText(await store.readPayload(owner, data)) : null,
  };
}

/** The same with the whole message, or as much of it as fits into `bytes` of JSON. */
export async function viewWholeState(
  context: Context,
  owner: Owner,
  state: RunState,
  bytes: number = NUMBERS.messageBytes,
): Promise<StateView> {
  const view = await viewState(context, owner, state);
  const { message } = state;
  if (!message || 'text' in message) return view;
  const whole = await context.store.readPayload(owner, message);
  return { ...view, message: wholeMessage(whole, bytes) };
}

const sizeOf = (payload: Payload | undefined): number =>
  payload && 'bytes' in payload ? payload.bytes : 0;

const whereWhole = (owner: Owner): string =>
  'runId' in owner
    ? `GET /api/flow_runs/${owner.runId} has more of it.`
    : `GET /api/task_runs/${owner.taskRunId} has more of it.`;
