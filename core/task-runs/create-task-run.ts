import type { Run } from '../../model/runs/run.ts';
import { isCancelled, isCancelling, isFinal, isRunning } from '../../model/runs/state.ts';
import type { TaskRun, TrackedTaskRun } from '../../model/task-runs.ts';
import { DibsError, runNotFound, taskRunNotFound } from '../../model/values/errors.ts';
import { EMPTY_OBJECT, JsonText } from '../../model/values/json-text.ts';
import type { Context } from '../context.ts';
import { CutTexts } from '../cut-texts.ts';
import { keepWholeTexts } from '../logs/write-logs.ts';
import { overlay } from '../parameters/parameters.ts';
import { proposedState, type StateWish, toProposal } from '../states/proposal.ts';
import { trackTaskRuns } from './track-task-runs.ts';

export interface TaskRunWish {
  readonly id?: string | null;
  readonly flowRunId: string | null;
  readonly name?: string | null;
  readonly taskKey: string;
  readonly dynamicKey: string;
  readonly cacheKey: string | null;
  readonly cacheExpiration: number | null;
  readonly taskVersion: string | null;
  readonly retries: number | null;
  readonly retryDelay: number | readonly number[] | null;
  readonly retryJitterFactor: number | null;
  readonly tags: readonly string[];
  readonly labels: JsonText | null;
  readonly taskInputs: JsonText | null;
  /** Absent: PENDING. */
  readonly state?: StateWish;
}

/**
 * Creates a task run, once per flow run, task key and dynamic key: a second create finds the first
 * one.
 * @throws DibsError flow_run_not_found, task_run_exists, payload_too_large
 */
export async function createTaskRun(
  context: Context,
  { state: wish, id: givenId, ...asGiven }: TaskRunWish,
): Promise<{ taskRun: TrackedTaskRun; created: boolean }> {
  const { store } = context;
  const texts = new CutTexts();
  const { name, ...fields } = withTextsCut(asGiven, texts);
  const flowRun = fields.flowRunId ? await store.readRun(fields.flowRunId) : undefined;
  if (fields.flowRunId && !flowRun) throw runNotFound();
  const id = givenId ?? context.newId();
  const at = context.now();
  const proposal = await toProposal(context, { taskRunId: id }, wish ?? { type: 'PENDING' }, true);
  const state = proposedState(proposal, at);
  const taskRun: TaskRun = {
    ...fields,
    id,
    ...(name ? { name } : {}),
    flowId: flowRun?.flowId ?? null,
    labels: overlay(inherited(flowRun), fields.labels ?? EMPTY_OBJECT),
    taskInputs: fields.taskInputs ?? EMPTY_OBJECT,
    createdAt: at,
    updatedAt: at,
    expectedAt: state.scheduledAt ?? at,
    startedAt: isRunning(state.type) || isFinal(state.type) ? at : null,
    runCount: isRunning(state.type) ? 1 : 0,
    ranBefore: 0,
    state,
    earlier: [],
  };
  // Nobody executes it any more: the sweep ends it.
  if (flowRun && isBeingCancelled(flowRun)) {
    await store.noteCancellation({ runId: flowRun.id, at });
  }
  const done = await store.createTaskRun(taskRun);
  if (done === 'id taken') {
    throw new DibsError('task_run_exists', `A task run with the id ${id} already exists.`);
  }
  const { flowRunId: runId } = fields;
  if (done.created) await keepWholeTexts(context, { runId, taskRunId: done.id }, texts);
  return { taskRun: await readTaskRun(context, done.id), created: done.created };
}

/** The keys that identify a task run are cut like the others: long ones that differ stay different. */
function withTextsCut(
  wish: Omit<TaskRunWish, 'state' | 'id'>,
  texts: CutTexts,
): Omit<TaskRunWish, 'state' | 'id'> {
  return {
    ...wish,
    name: texts.cut('name', wish.name) ?? null,
    taskKey: texts.cut('task key', wish.taskKey),
    dynamicKey: texts.cut('dynamic key', wish.dynamicKey),
    cacheKey: texts.cut('cache key', wish.cacheKey),
    taskVersion: texts.cut('version of the task', wish.taskVersion),
    tags: texts.tags(wish.tags),
  };
}

/**
 * The labels of the flow run, which its task runs inherit. Labels that follow from ids are added on
 * read.
 */
function inherited(flowRun: Run | undefined): JsonText {
  const { deploymentId, labels = EMPTY_OBJECT } = flowRun ?? {};
  return overlay(
    JsonText.of(deploymentId ? { 'prefect.deployment.id': deploymentId } : {}),
    labels,
  );
}

const isBeingCancelled = ({ stateType }: Run): boolean =>
  isCancelled(stateType) || isCancelling(stateType);

/** @throws DibsError task_run_not_found */
export async function readTaskRun(context: Context, id: string): Promise<TrackedTaskRun> {
  const [found] = await trackTaskRuns(context, await context.store.readTaskRuns([id]));
  if (!found) throw taskRunNotFound();
  return found;
}
