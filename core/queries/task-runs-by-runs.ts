import { runName } from '../../model/runs/run-name.ts';
import type { TrackedTaskRun } from '../../model/task-runs.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { TaskRunSort } from '../../model/values/sorts.ts';
import type { Context } from '../context.ts';
import type { Enough } from '../criteria/newest-first.ts';
import { orderBy } from '../criteria/sort-records.ts';
import { timesOf } from '../task-runs/track-task-runs.ts';
import { findRuns } from './find-runs.ts';
import { findTaskRuns } from './find-task-runs.ts';
import type { RunQuery } from './match-runs.ts';

/** Filters of task runs: by their own fields and by the flow runs that they belong to. */
export type TaskRunQuery = Pick<RunQuery, 'taskRuns' | 'flowRuns' | 'flows' | 'deployments'>;

/**
 * Returns the task runs that match; with `page`, that page of them.
 * @throws DibsError filter_too_broad
 */
export async function filterTaskRuns(
  context: Context,
  { taskRuns, ...ofRuns }: TaskRunQuery,
  sort: TaskRunSort,
  page?: { readonly offset: number; readonly limit: number },
): Promise<TrackedTaskRun[]> {
  const asked = Object.values(ofRuns).some((filter) => filter != null);
  const runs = asked ? await findRuns(context, ofRuns) : undefined;
  const time = LATEST_BY[sort];
  const found = await findTaskRuns(context, taskRuns, {
    ...(runs ? { flowRunIds: new Set(runs.map(({ id }) => id)) } : {}),
    ...(page && time ? { enough: { count: page.offset + page.limit, time, id } } : {}),
  });
  const ordered = found.sort(inOrderOf(sort, context.now()));
  return page ? ordered.slice(page.offset, page.offset + page.limit) : ordered;
}

const id = ({ taskRun }: TrackedTaskRun) => taskRun.id;
const created = ({ taskRun }: TrackedTaskRun) => taskRun.createdAt;
const expected = ({ taskRun }: TrackedTaskRun) => taskRun.expectedAt;
const name = ({ taskRun }: TrackedTaskRun) => runName(taskRun);

const LATEST_BY: Readonly<Partial<Record<TaskRunSort, Enough<TrackedTaskRun>['time']>>> = {
  ID_DESC: created,
  EXPECTED_START_TIME_DESC: expected,
};

type Compare = (a: TrackedTaskRun, b: TrackedTaskRun) => number;
const by = orderBy(({ taskRun }: TrackedTaskRun) => taskRun.id);

const inOrderOf = (sort: TaskRunSort, now: Instant): Compare =>
  sort === 'DURATION_ASC'
    ? byDuration(now, 1)
    : sort === 'DURATION_DESC'
      ? byDuration(now, -1)
      : COMPARE[sort];

/** How long they have run by now. Of equal ones, such as those that wait, the latest come first. */
function byDuration(now: Instant, direction: 1 | -1): Compare {
  const ran = (one: TrackedTaskRun) => timesOf(one, now).ran;
  return (a, b) => (ran(a) - ran(b)) * direction || COMPARE.EXPECTED_START_TIME_DESC(a, b);
}

type Stored = Exclude<TaskRunSort, 'DURATION_ASC' | 'DURATION_DESC'>;
const COMPARE: Readonly<Record<Stored, Compare>> = {
  ID_DESC: by(created, -1),
  EXPECTED_START_TIME_ASC: by(expected, 1),
  EXPECTED_START_TIME_DESC: by(expected, -1),
  NAME_ASC: by(name, 1),
  NAME_DESC: by(name, -1),
  NEXT_SCHEDULED_START_TIME_ASC: by((one) => timesOf(one, 0).next ?? Number.MAX_SAFE_INTEGER, 1),
  END_TIME_DESC: by((one) => timesOf(one, 0).end ?? 0, -1),
};
