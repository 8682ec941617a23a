import type { Run } from '../../model/runs/run.ts';
import { STATE_TYPES } from '../../model/runs/state.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { RunSort } from '../../model/values/sorts.ts';
import type { Context } from '../context.ts';
import { type Enough, newestFirst, tooBroad } from '../criteria/newest-first.ts';
import type { FlowRunFilter } from '../filters/runs.ts';
import { listByState } from './list-by-state.ts';
import { type Joined, joinedOf, matchingRuns, type RunQuery } from './match-runs.ts';
import { LATEST_BY, sortRuns } from './sort-runs.ts';

/**
 * Returns one page of the runs that match.
 * @throws DibsError filter_too_broad
 */
export async function filterRuns(
  context: Context,
  query: RunQuery,
  sort: RunSort,
  page: { readonly offset: number; readonly limit: number },
): Promise<Run[]> {
  if (page.limit === 0) return [];
  const time = LATEST_BY[sort];
  const enough = time && { count: page.offset + page.limit, time, id: ({ id }: Run) => id };
  const runs = await findRuns(context, query, enough);
  return sortRuns(runs, sort).slice(page.offset, page.offset + page.limit);
}

/**
 * Returns all runs that match, in no order. The result is exact for every filter: one access path
 * proposes runs, which are then read consistently and checked against the filter. The access path
 * is the first of these that the query allows:
 *
 * 1. the ids of the runs
 * 2. their parents: pointers from task runs to their children
 * 3. task runs that the runs must have
 * 4. their deployments: an index
 * 5. if only waiting, active or failed states are asked for: the dispatch index
 * 6. the timeline, latest first; with `enough` it is read only as far as necessary
 *
 * @throws DibsError filter_too_broad if it would have to read more than NUMBERS.filterReads runs
 */
export async function findRuns(
  context: Context,
  query: RunQuery,
  enough?: Enough<Run>,
): Promise<Run[]> {
  const { store } = context;
  const joined = await joinedOf(context, query);
  if (Object.values(joined).some((ids) => ids?.size === 0)) return [];
  const matching = (runs: Run[]) => matchingRuns(context, query, joined, runs);
  const filter = decisive(query.flowRuns);
  const ids = (await proposedIds(context, filter, joined)) ?? undefined;
  if (ids) {
    if (ids.length > NUMBERS.filterReads) throw tooBroad();
    return matching(await store.readRuns(ids));
  }
  const deploymentIds = deploymentsOf(filter, joined);
  const byState = deploymentIds ? undefined : await listed(context, filter);
  if (byState) return matching(await store.readRuns(byState));
  const window = {
    ...(deploymentIds ? { deploymentIds } : {}),
    from: Math.max(filter.expected_start_time?.after_ ?? 0, query.expected?.from ?? 0),
  };
  const list = (page: { after?: string; limit: number }) => store.listRuns({ ...window, ...page });
  return newestFirst({ list, read: store.readRuns }, matching, enough);
}

/** The criteria that must all hold, so that each of them may serve as the access path. */
function decisive(filter: FlowRunFilter | null | undefined): FlowRunFilter {
  const { operator, ...criteria } = filter ?? {};
  const given = Object.values(criteria).filter((criterion) => criterion != null);
  return operator === 'or_' && given.length > 1 ? {} : criteria;
}

async function proposedIds(
  { store }: Context,
  filter: FlowRunFilter,
  { runIds }: Joined,
): Promise<string[] | undefined> {
  const { id, parent_task_run_id: parent, parent_flow_run_id: grandparent } = filter;
  if (id?.any_) return [...new Set(id.any_)];
  if (parent?.any_ && parent.operator !== 'or_') {
    return store.listChildRuns([...new Set(parent.any_)]);
  }
  if (grandparent?.any_) {
    const lists = [...new Set(grandparent.any_)].map((runId) => store.listTaskRunsOf(runId));
    return store.listChildRuns((await Promise.all(lists)).flat());
  }
  return runIds && [...runIds];
}

function deploymentsOf(
  { deployment_id: id }: FlowRunFilter,
  { deploymentIds }: Joined,
): string[] | undefined {
  const ids = id?.any_ && id.operator !== 'or_' ? id.any_ : deploymentIds && [...deploymentIds];
  return ids && ids.length <= NUMBERS.filterPartitions ? [...ids] : undefined;
}

async function listed(context: Context, filter: FlowRunFilter): Promise<string[] | undefined> {
  const { state, end_time } = filter;
  const { any_ = null, not_any_ = null } = (state?.operator !== 'or_' && state?.type) || {};
  if (!any_ && !not_any_?.length) return undefined;
  const types = (any_ ?? STATE_TYPES).filter((type) => !not_any_?.includes(type));
  return listByState(context, types, end_time?.after_ ?? undefined);
}
