import type * as z from 'zod';
import type { FlowRun } from '../../api/runs/schemas.ts';
import type { RunView } from '../../core/runs/view-run.ts';
import { retryType } from '../../core/states/pauses.ts';
import { lastClaimant, type Run } from '../../model/runs/run.ts';
import { runName } from '../../model/runs/run-name.ts';
import { endedAt, lateness, runTime } from '../../model/runs/run-times.ts';
import { isScheduled } from '../../model/runs/state.ts';
import { type Instant, SECOND, toIso } from '../../model/values/instant.ts';
import { stateShape } from '../states/state-shape.ts';

type Shape = z.output<typeof FlowRun>;

/** Prefect's FlowRun, plus `attempt` and `claimed_by`. */
export function flowRunShape(view: RunView, now: Instant): Shape {
  const { run, state, place } = view;
  const ended = endedAt(run);
  return {
    id: run.id,
    created: toIso(run.createdAt),
    updated: toIso(Math.max(run.patchedAt ?? 0, state.state.at)),
    name: runName(run),
    flow_id: run.flowId,
    state_id: run.stateId,
    state_type: run.stateType,
    state_name: state.state.name,
    state: stateShape(run.id, state, run.parentTaskRunId),
    deployment_id: run.deploymentId ?? null,
    deployment_version: run.deploymentVersion ?? null,
    work_queue_id: place?.queueId ?? null,
    work_queue_name: place?.queueName ?? null,
    work_pool_id: place?.poolId ?? null,
    work_pool_name: place?.poolName ?? null,
    flow_version: run.flowVersion ?? null,
    parameters: view.parameters,
    context: view.context,
    idempotency_key: run.idempotencyKey ?? null,
    empirical_policy: policyOf(run),
    tags: [...run.tags],
    labels: view.labels,
    parent_task_run_id: run.parentTaskRunId ?? null,
    run_count: run.runCount,
    expected_start_time: toIso(run.expectedAt),
    next_scheduled_start_time: isScheduled(run.stateType)
      ? toIso(state.state.scheduledAt ?? run.expectedAt)
      : null,
    start_time: run.startedAt === undefined ? null : toIso(run.startedAt),
    end_time: ended === undefined ? null : toIso(ended),
    total_run_time: runTime(run, 0) / SECOND,
    estimated_run_time: runTime(run, now) / SECOND,
    estimated_start_time_delta: lateness(run, now) / SECOND,
    auto_scheduled: run.madeBy !== undefined,
    infrastructure_document_id: orNull(run.infrastructureDocumentId),
    infrastructure_pid: run.infrastructurePid ?? null,
    created_by: run.madeBy
      ? { id: run.madeBy.scheduleId, type: 'SCHEDULE', display_value: run.madeBy.name }
      : null,
    job_variables: view.jobVariables,
    attempt: run.attempt,
    claimed_by: holder(run),
  };
}

const policyOf = (run: Run): Shape['empirical_policy'] => ({
  max_retries: 0,
  retry_delay_seconds: 0,
  retries: run.retries ?? null,
  retry_delay: run.retryDelay === undefined ? null : mutable(run.retryDelay),
  pause_keys: [...(run.pauseKeys ?? [])],
  resuming: run.resuming ?? false,
  retry_type: retryType(run),
});

function holder(run: Run): Shape['claimed_by'] {
  if (!run.claim) return null;
  const { worker, claimedAt } = lastClaimant(run) ?? {};
  return {
    session_id: run.claim.sessionId,
    worker_name: worker ?? null,
    claimed: claimedAt === undefined ? null : toIso(claimedAt),
  };
}

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null;

const mutable = (delay: number | readonly number[]): number | number[] =>
  typeof delay === 'number' ? delay : [...delay];
