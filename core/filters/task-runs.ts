import type { Instant } from '../../model/values/instant.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { matchesState, type StateFacts, type StateFilter } from '../criteria/states.ts';
import { type Tagged, tagged } from '../criteria/tags.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';
import { type Between, between, betweenOrNull } from '../criteria/times.ts';

export interface TaskRunFilter {
  readonly operator?: Operator | null | undefined;
  readonly id?: Pick<AmongIds, 'any_'> | null | undefined;
  readonly name?: AmongNames | null | undefined;
  readonly tags?: Tagged | null | undefined;
  readonly state?: StateFilter | null | undefined;
  readonly start_time?: Between | null | undefined;
  readonly end_time?: Between | null | undefined;
  readonly expected_start_time?: Omit<Between, 'is_null_'> | null | undefined;
  readonly subflow_runs?: { readonly exists_?: boolean | null | undefined } | null | undefined;
  readonly flow_run_id?: FlowRunIds | null | undefined;
}

interface FlowRunIds {
  readonly any_?: readonly string[] | null | undefined;
  /** Absent: only task runs that belong to a flow run. null: all task runs. */
  readonly is_null_?: boolean | null | undefined;
}

/** The fields of a task run that a filter can use. */
export interface TaskRunFacts {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly flowRunId: string | null;
  readonly state: StateFacts;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly expectedAt: Instant;
  readonly hasChildren: boolean;
}

export const matchesTaskRun = (filter: TaskRunFilter | null | undefined): Matches<TaskRunFacts> =>
  combine<TaskRunFacts>(filter?.operator, [
    of(filter?.id, amongIds, ({ id }) => id),
    of(filter?.name, amongNames, ({ name }) => name),
    of(filter?.tags, tagged, ({ tags }) => tags),
    of(filter?.state, matchesState, ({ state }) => state),
    of(filter?.start_time, betweenOrNull, ({ start }) => start),
    of(filter?.end_time, betweenOrNull, ({ end }) => end),
    of(filter?.expected_start_time, between, ({ expectedAt }) => expectedAt),
    of(
      filter?.subflow_runs,
      ({ exists_ }) =>
        (has: boolean) =>
          exists_ == null || has === exists_,
      ({ hasChildren }) => hasChildren,
    ),
    of(filter?.flow_run_id, ofFlowRuns, ({ flowRunId }) => flowRunId),
  ]);

/** As in Prefect: `is_null_` true overrides the ids, and the ids override `is_null_` false. */
const ofFlowRuns = ({ any_, is_null_ = false }: FlowRunIds): Matches<string | null> => {
  if (is_null_) return (id) => id === null;
  if (any_) return amongIds({ any_ });
  return (id) => is_null_ === null || id !== null;
};
