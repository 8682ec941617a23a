import type { Context } from './context.ts';
import { DibsError } from './errors.ts';
import { flowId } from './flows.ts';
import { DAY, dayOf, type Instant } from './instant.ts';
import { LIMITS } from './limits.ts';
import { currentState, type Run } from './run.ts';
import { runName } from './run-name.ts';
import { isFailure, type StateType } from './state.ts';
import { endedAt } from './transition.ts';
import { withLateness } from './view-run.ts';

export interface RunFilter {
  readonly ids?: readonly string[];
  readonly deploymentIds?: readonly string[];
  readonly flowIds?: readonly string[];
  readonly flowNames?: readonly string[];
  readonly stateTypes?: readonly StateType[];
  readonly stateNames?: readonly string[];
  /** Runs that ended in between. */
  readonly endedFrom?: Instant;
  readonly endedUntil?: Instant;
  readonly poolNames?: readonly string[];
}

export type RunSort =
  | 'ID_DESC'
  | 'START_TIME_ASC'
  | 'START_TIME_DESC'
  | 'EXPECTED_START_TIME_ASC'
  | 'EXPECTED_START_TIME_DESC'
  | 'NAME_ASC'
  | 'NAME_DESC'
  | 'NEXT_SCHEDULED_START_TIME_ASC'
  | 'END_TIME_DESC';

/**
 * Exact answers, whatever the filter: one access path proposes ids, the runs are read and judged.
 * Ids given: those. A deployment given: its index. Only failures, since some time: the dead-letter
 * view of those days. Else: the timeline, newest day first.
 * @throws DibsError filter_too_broad where it would have to read more than LIMITS.filterReads runs
 */
export async function filterRuns(
  context: Context,
  filter: RunFilter,
  sort: RunSort,
  page: { offset: number; limit: number },
): Promise<Run[]> {
  if (page.limit === 0) return [];
  const ids = await proposeIds(context, filter);
  const queues = filter.poolNames && (await queuesOf(context, filter.poolNames));
  if (ids.length > LIMITS.filterReads) {
    throw new DibsError(
      'filter_too_broad',
      `This filter would read more than ${LIMITS.filterReads} runs.`,
      { hint: 'Narrow it: by id or by deployment.' },
    );
  }
  const at = context.now();
  const runs = (await context.store.readRuns(ids)).filter(
    (run) => matches(run, filter, at) && (!queues || queues.has(run.queueId ?? '')),
  );
  return runs.sort(COMPARE[sort]).slice(page.offset, page.offset + page.limit);
}

async function queuesOf({ store }: Context, poolNames: readonly string[]): Promise<Set<string>> {
  const pools = (await store.listPools()).filter(({ name }) => poolNames.includes(name));
  const queues = await Promise.all(pools.map(({ id }) => store.listQueues(id, 'fresh')));
  return new Set(queues.flat().map(({ id }) => id));
}

async function proposeIds({ store, now }: Context, filter: RunFilter): Promise<string[]> {
  if (filter.ids) return [...new Set(filter.ids)];
  if (!filter.deploymentIds) {
    const days = filter.stateTypes?.every(isFailure) && daysBetween(filter.endedFrom, now());
    return days ? store.listFailed(days) : store.listRunIds({});
  }
  const pages = [...new Set(filter.deploymentIds)].map((deploymentId) =>
    store.listRunIds({ deploymentId }),
  );
  return (await Promise.all(pages)).flat();
}

/** Each day from one instant to another; undefined where they are too many to look into one by one. */
function daysBetween(from: Instant | undefined, until: Instant): string[] | undefined {
  if (from === undefined || until - from > LIMITS.failedDays * DAY) return undefined;
  const days = new Set<string>([dayOf(until)]);
  for (let at = from; at < until; at += DAY) days.add(dayOf(at));
  return [...days];
}

function matches(run: Run, filter: RunFilter, at: Instant): boolean {
  const { ids, deploymentIds, flowIds, stateTypes, stateNames } = filter;
  const named = filter.flowNames?.map(flowId);
  if (ids && !ids.includes(run.id)) return false;
  if (deploymentIds && !deploymentIds.includes(run.deploymentId ?? '')) return false;
  if (flowIds && !flowIds.includes(run.flowId)) return false;
  if (named && !named.includes(run.flowId)) return false;
  const { endedFrom = 0, endedUntil = Number.POSITIVE_INFINITY } = filter;
  if (filter.endedFrom !== undefined || filter.endedUntil !== undefined) {
    const ended = endedAt(run);
    if (ended === undefined || ended < endedFrom || ended > endedUntil) return false;
  }
  if (stateTypes && !stateTypes.includes(run.stateType)) return false;
  return !stateNames || stateNames.includes(withLateness(currentState(run), at).name);
}

type Compare = (a: Run, b: Run) => number;
const by = (key: (run: Run) => number | string, direction: 1 | -1): Compare => {
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    return x === y ? 0 : x < y ? -direction : direction;
  };
};
const started = (run: Run) => run.startedAt ?? run.expectedAt;

const COMPARE: Readonly<Record<RunSort, Compare>> = {
  ID_DESC: by((run) => run.id, -1),
  START_TIME_ASC: by(started, 1),
  START_TIME_DESC: by(started, -1),
  EXPECTED_START_TIME_ASC: by((run) => run.expectedAt, 1),
  EXPECTED_START_TIME_DESC: by((run) => run.expectedAt, -1),
  NAME_ASC: by(runName, 1),
  NAME_DESC: by(runName, -1),
  NEXT_SCHEDULED_START_TIME_ASC: by((run) => run.scheduledAt ?? Number.MAX_SAFE_INTEGER, 1),
  END_TIME_DESC: by((run) => endedAt(run) ?? 0, -1),
};
