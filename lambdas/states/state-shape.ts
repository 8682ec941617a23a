import type * as z from 'zod';
import type { State } from '../../api/states/schemas.ts';
import type { StateView } from '../../core/runs/view-run.ts';
import { toIso } from '../../model/values/instant.ts';

type Shape = z.output<typeof State>;

export function stateShape(
  runId: string,
  { state, message, data }: StateView,
  parentTaskRunId: string | null = null,
): Shape {
  const { id, type, name, at, details = {}, scheduledAt, proposed, insteadOf } = state;
  return {
    id,
    type,
    name,
    timestamp: toIso(at),
    message,
    data,
    state_details: {
      ...NO_DETAILS,
      ...details,
      flow_run_id: runId,
      // A subflow has the task run that tracks it.
      ...(parentTaskRunId ? { task_run_id: parentTaskRunId } : {}),
      ...(scheduledAt === undefined ? {} : { scheduled_time: toIso(scheduledAt) }),
      // A state that was written instead of the proposed one is not the result of that transition.
      transition_id: proposed && !insteadOf ? id : null,
    },
  };
}

const NO_DETAILS: Shape['state_details'] = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  deferred: false,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: null,
  retriable: null,
  transition_id: null,
  task_parameters_id: null,
  traceparent: null,
  deployment_concurrency_lease_id: null,
};
