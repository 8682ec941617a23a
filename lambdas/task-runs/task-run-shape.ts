import type * as z from 'zod';
import type { TaskRun } from '../../api/task-runs/schemas.ts';
import type { Context } from '../../core/context.ts';
import { overlay } from '../../core/parameters/parameters.ts';
import { type StateView, viewState } from '../../core/runs/view-run.ts';
import { lateBy, runCountOf, shownState, timesOf } from '../../core/task-runs/track-task-runs.ts';
import { runName } from '../../model/runs/run-name.ts';
import type { TaskRun as Record, TrackedTaskRun } from '../../model/task-runs.ts';
import { SECOND, toIso } from '../../model/values/instant.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { stateShape } from '../states/state-shape.ts';

type Shape = z.output<typeof TaskRun>;

/** Prefect's TaskRun. One that tracks a subflow has the subflow's state. */
export async function taskRunShape(
  context: Context,
  tracked: TrackedTaskRun,
  view: typeof viewState = viewState,
): Promise<Shape> {
  const { taskRun } = tracked;
  const now = context.now();
  const state = shownState(tracked, now);
  const { next, start, end, ran } = timesOf(tracked, now);
  const iso = (at: number | null) => (at === null ? null : toIso(at));
  return {
    id: taskRun.id,
    created: toIso(taskRun.createdAt),
    updated: toIso(Math.max(taskRun.updatedAt, state.at)),
    name: runName(taskRun),
    flow_run_id: taskRun.flowRunId,
    task_key: taskRun.taskKey,
    dynamic_key: taskRun.dynamicKey,
    cache_key: taskRun.cacheKey,
    cache_expiration: iso(taskRun.cacheExpiration),
    task_version: taskRun.taskVersion,
    empirical_policy: policyOf(taskRun),
    tags: [...taskRun.tags],
    labels: labelsOf(taskRun),
    task_inputs: taskRun.taskInputs,
    state_id: state.id,
    state_type: state.type,
    state_name: state.name,
    state: await taskStateShape(context, tracked, view),
    run_count: runCountOf(tracked),
    flow_run_run_count: 0,
    expected_start_time: toIso(taskRun.expectedAt),
    next_scheduled_start_time: iso(next),
    start_time: iso(start),
    end_time: iso(end),
    total_run_time: timesOf(tracked, 0).ran / SECOND,
    estimated_run_time: ran / SECOND,
    estimated_start_time_delta: lateBy(tracked, now) / SECOND,
  };
}

async function taskStateShape(
  context: Context,
  tracked: TrackedTaskRun,
  view: typeof viewState,
): Promise<Shape['state']> {
  const { taskRun, child } = tracked;
  const state = shownState(tracked, context.now());
  const owner = child ? { runId: child.id } : { taskRunId: taskRun.id };
  return stateOfTaskRun(tracked, await view(context, owner, state));
}

/** A state, with the details of its task run. */
export function stateOfTaskRun(
  { taskRun, child }: TrackedTaskRun,
  view: StateView,
): Shape['state'] {
  const shape = stateShape(child?.id ?? taskRun.id, view);
  const details = {
    flow_run_id: taskRun.flowRunId,
    task_run_id: taskRun.id,
    ...(child ? { child_flow_run_id: child.id } : {}),
  };
  return { ...shape, state_details: { ...shape.state_details, ...details } };
}

const policyOf = ({ retries, retryDelay, retryJitterFactor }: Record) => ({
  max_retries: 0,
  retry_delay_seconds: 0,
  retries,
  retry_delay: typeof retryDelay === 'object' && retryDelay ? [...retryDelay] : retryDelay,
  retry_jitter_factor: retryJitterFactor,
});

function labelsOf({ flowId, flowRunId, labels }: Record): JsonText {
  const derived = {
    ...(flowId ? { 'prefect.flow.id': flowId } : {}),
    ...(flowRunId ? { 'prefect.flow-run.id': flowRunId } : {}),
  };
  return overlay(JsonText.of(derived), labels);
}
