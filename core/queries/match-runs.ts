import type { QueuePlace } from '../../model/pools.ts';
import { currentState, type Run } from '../../model/runs/run.ts';
import { runName } from '../../model/runs/run-name.ts';
import { endedAt } from '../../model/runs/run-times.ts';
import { isScheduled } from '../../model/runs/state.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';
import type { DeploymentFilter } from '../filters/deployments.ts';
import type { FlowFilter } from '../filters/flows.ts';
import { type FlowRunFilter, matchesRun, type RunFacts } from '../filters/runs.ts';
import type { TaskRunFilter } from '../filters/task-runs.ts';
import {
  matchesWorkPool,
  matchesWorkQueue,
  type WorkPoolFilter,
  type WorkQueueFilter,
} from '../filters/work-pools.ts';
import { withLateness } from '../states/lateness.ts';
import { findDeployments } from './find-deployments.ts';
import { findFlows } from './find-flows.ts';
import { findTaskRuns } from './find-task-runs.ts';

/**
 * Filters of runs: by their own fields and by the records that they belong to. All filters must
 * match.
 */
export interface RunQuery {
  readonly flowRuns?: FlowRunFilter | null | undefined;
  readonly flows?: FlowFilter | null | undefined;
  readonly deployments?: DeploymentFilter | null | undefined;
  readonly workPools?: WorkPoolFilter | null | undefined;
  readonly workQueues?: WorkQueueFilter | null | undefined;
  readonly taskRuns?: TaskRunFilter | null | undefined;
  /** Only runs whose first expected start is at `from` or later, and before `before`. */
  readonly expected?: { readonly from: Instant; readonly before: Instant };
}

/** The ids of the other records that match a query's filters. Absent: there is no such filter. */
export interface Joined {
  readonly flowIds?: ReadonlySet<string>;
  readonly deploymentIds?: ReadonlySet<string>;
  readonly poolIds?: ReadonlySet<string>;
  /** The ids of runs that have a matching task run. */
  readonly runIds?: ReadonlySet<string>;
}

export async function joinedOf(context: Context, query: RunQuery): Promise<Joined> {
  const { flows, deployments, workPools, taskRuns } = query;
  const pools = workPools && (await context.store.listPools()).filter(matchesWorkPool(workPools));
  return {
    ...(flows ? { flowIds: idsOf(await findFlows(context, flows)) } : {}),
    ...(deployments
      ? { deploymentIds: idsOf(await findDeployments(context, { deployments })) }
      : {}),
    ...(pools ? { poolIds: idsOf(pools) } : {}),
    ...(taskRuns ? { runIds: await runsWith(context, taskRuns) } : {}),
  };
}

const idsOf = (records: readonly { readonly id: string }[]) => new Set(records.map(({ id }) => id));

async function runsWith(context: Context, taskRuns: TaskRunFilter): Promise<Set<string>> {
  const found = await findTaskRuns(context, taskRuns);
  return new Set(found.flatMap(({ taskRun }) => taskRun.flowRunId ?? []));
}

/**
 * The runs that match. Other records are read only for runs that match so far, and only if needed.
 */
export async function matchingRuns(
  context: Context,
  query: RunQuery,
  joined: Joined,
  runs: readonly Run[],
): Promise<Run[]> {
  const { flowRuns, workQueues, expected } = query;
  const related = runs.filter(
    ({ id, flowId, deploymentId, expectedAt }) =>
      (!expected || (expectedAt >= expected.from && expectedAt < expected.before)) &&
      (joined.flowIds?.has(flowId) ?? true) &&
      (joined.deploymentIds?.has(deploymentId ?? '') ?? true) &&
      (joined.runIds?.has(id) ?? true),
  );
  const inQueues = workQueues || joined.poolIds || flowRuns?.work_queue_name;
  const places = inQueues ? await placesOf(context, related) : new Map<string, QueuePlace>();
  const parents = flowRuns?.parent_flow_run_id
    ? await parentFlowRuns(context, related)
    : new Map<string, string>();
  const [queue, matches] = [matchesWorkQueue(workQueues), matchesRun(flowRuns)];
  const at = context.now();
  return related.filter((run) => {
    const place = places.get(run.queueId ?? '');
    if (joined.poolIds && !joined.poolIds.has(place?.poolId ?? '')) return false;
    if (workQueues && !(place && queue(place))) return false;
    return matches(factsOf(run, place, parents.get(run.parentTaskRunId ?? ''), at));
  });
}

function factsOf(
  run: Run,
  place: QueuePlace | undefined,
  parentFlowRunId: string | undefined,
  at: Instant,
): RunFacts {
  const { type, name } = withLateness(currentState(run), at);
  return {
    run,
    name: runName(run),
    state: { type, name },
    nextStart: isScheduled(type) ? (run.scheduledAt ?? run.expectedAt) : null,
    end: endedAt(run) ?? null,
    queueName: place?.queueName ?? null,
    parentFlowRunId: parentFlowRunId ?? null,
    createdBy: run.madeBy ? { id: run.madeBy.scheduleId, type: 'SCHEDULE' } : null,
  };
}

async function placesOf({ store }: Context, runs: readonly Run[]) {
  const ids = new Set(runs.flatMap(({ queueId }) => queueId ?? []));
  const places = await Promise.all([...ids].map((id) => store.readQueuePlace(id)));
  return new Map(places.flatMap((place) => (place ? [[place.queueId, place]] : [])));
}

/** By the id of the task run that tracks a subflow: the id of the flow run that it belongs to. */
async function parentFlowRuns({ store }: Context, runs: readonly Run[]) {
  const ids = runs.flatMap(({ parentTaskRunId }) => parentTaskRunId ?? []);
  const found = await store.readTaskRuns(ids);
  return new Map(
    found.flatMap(({ taskRun: { id, flowRunId } }) => (flowRunId ? [[id, flowRunId]] : [])),
  );
}
