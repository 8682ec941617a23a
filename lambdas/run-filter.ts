import type * as z from 'zod';
import type { BulkRequest, FlowRunsFilter } from '../api/schemas/runs.ts';
import type { RunFilter } from '../core/filter-runs.ts';

type Body = z.output<typeof FlowRunsFilter> | z.output<typeof BulkRequest>;

/** Which runs a body asks for, in core's terms; null and absent restrict nothing. */
export function runFilter(body: Body): RunFilter {
  const { id, deployment_id, state, end_time } = body?.flow_runs ?? {};
  const { id: flow, name } = body?.flows ?? {};
  const pool = body?.work_pools?.name;
  return {
    ...(id?.any_ ? { ids: id.any_ } : {}),
    ...(deployment_id?.any_ ? { deploymentIds: deployment_id.any_ } : {}),
    ...(flow?.any_ ? { flowIds: flow.any_ } : {}),
    ...(name?.any_ ? { flowNames: name.any_ } : {}),
    ...(state?.type?.any_ ? { stateTypes: state.type.any_ } : {}),
    ...(state?.name?.any_ ? { stateNames: state.name.any_ } : {}),
    ...(end_time?.after_ == null ? {} : { endedFrom: end_time.after_ }),
    ...(end_time?.before_ == null ? {} : { endedUntil: end_time.before_ }),
    ...(pool?.any_ ? { poolNames: pool.any_ } : {}),
  };
}
