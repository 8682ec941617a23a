import type { Run } from '../../model/runs/run.ts';
import { runName } from '../../model/runs/run-name.ts';
import { endedAt } from '../../model/runs/run-times.ts';
import { isScheduled } from '../../model/runs/state.ts';
import type { RunSort } from '../../model/values/sorts.ts';
import type { Enough } from '../criteria/newest-first.ts';
import { orderBy } from '../criteria/sort-records.ts';

type Compare = (a: Run, b: Run) => number;

const by = orderBy(({ id }: Run) => id);
const started = (run: Run) => run.startedAt ?? run.expectedAt;
const created = (run: Run) => run.createdAt;
const expected = (run: Run) => run.expectedAt;
const next = ({ stateType, scheduledAt = 0 }: Run) =>
  isScheduled(stateType) ? scheduledAt : Number.MAX_SAFE_INTEGER;

const COMPARE: Readonly<Record<RunSort, Compare>> = {
  // Prefect's ids follow the clock. Here, ids that follow from an idempotency key do not.
  ID_DESC: by(created, -1),
  START_TIME_ASC: by(started, 1),
  START_TIME_DESC: by(started, -1),
  EXPECTED_START_TIME_ASC: by(expected, 1),
  EXPECTED_START_TIME_DESC: by(expected, -1),
  NAME_ASC: by(runName, 1),
  NAME_DESC: by(runName, -1),
  NEXT_SCHEDULED_START_TIME_ASC: by(next, 1),
  END_TIME_DESC: by((run) => endedAt(run) ?? 0, -1),
};

/**
 * For sorts with the latest run first: the time sorted by, of which listedAt() is an upper bound.
 */
export const LATEST_BY: Readonly<Partial<Record<RunSort, Enough<Run>['time']>>> = {
  ID_DESC: created,
  EXPECTED_START_TIME_DESC: expected,
};

export const sortRuns = (runs: readonly Run[], sort: RunSort): Run[] =>
  [...runs].sort(COMPARE[sort]);
