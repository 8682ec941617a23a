import type { Run } from '../../model/runs/run.ts';
import type { Instant } from '../../model/values/instant.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { matchesState, type StateFacts, type StateFilter } from '../criteria/states.ts';
import { type Tagged, tagged } from '../criteria/tags.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';
import { type Between, between, betweenOrNull, isNull } from '../criteria/times.ts';

/** `any_`, combined by an operator with whether the field is null. */
interface AmongOrNull {
  readonly operator?: Operator | null | undefined;
  readonly any_?: readonly string[] | null | undefined;
  readonly is_null_?: boolean | null | undefined;
}

interface Creators {
  readonly operator?: Operator | null | undefined;
  readonly id_?: readonly string[] | null | undefined;
  readonly type_?: readonly string[] | null | undefined;
  readonly is_null_?: boolean | null | undefined;
}

export interface FlowRunFilter {
  readonly operator?: Operator | null | undefined;
  readonly id?: AmongIds | null | undefined;
  readonly name?: AmongNames | null | undefined;
  readonly tags?: Tagged | null | undefined;
  readonly deployment_id?: AmongOrNull | null | undefined;
  readonly work_queue_name?: AmongOrNull | null | undefined;
  readonly state?: StateFilter | null | undefined;
  readonly flow_version?: Pick<AmongNames, 'any_'> | null | undefined;
  readonly start_time?: Between | null | undefined;
  readonly end_time?: Between | null | undefined;
  readonly expected_start_time?: Omit<Between, 'is_null_'> | null | undefined;
  readonly next_scheduled_start_time?: Omit<Between, 'is_null_'> | null | undefined;
  readonly parent_flow_run_id?: Pick<AmongIds, 'any_'> | null | undefined;
  readonly parent_task_run_id?: AmongOrNull | null | undefined;
  readonly idempotency_key?: AmongIds | null | undefined;
  readonly created_by?: Creators | null | undefined;
}

/** The fields of a run that a filter can use. */
export interface RunFacts {
  readonly run: Run;
  readonly name: string;
  readonly state: StateFacts;
  readonly nextStart: Instant | null;
  readonly end: Instant | null;
  readonly queueName: string | null;
  readonly parentFlowRunId: string | null;
  readonly createdBy: { readonly id: string | null; readonly type: string | null } | null;
}

export const matchesRun = (filter: FlowRunFilter | null | undefined): Matches<RunFacts> =>
  combine<RunFacts>(filter?.operator, [
    of(filter?.id, amongIds, ({ run }) => run.id),
    of(filter?.name, amongNames, ({ name }) => name),
    of(filter?.tags, tagged, ({ run }) => run.tags),
    of(filter?.deployment_id, amongOrNull, ({ run }) => run.deploymentId ?? null),
    of(filter?.work_queue_name, amongOrNull, ({ queueName }) => queueName),
    of(filter?.state, matchesState, ({ state }) => state),
    of(filter?.flow_version, amongNames, ({ run }) => run.flowVersion ?? null),
    of(filter?.start_time, startedBetween, ({ run }) => run),
    of(filter?.end_time, betweenOrNull, ({ end }) => end),
    of(filter?.expected_start_time, between, ({ run }) => run.expectedAt),
    of(filter?.next_scheduled_start_time, between, ({ nextStart }) => nextStart),
    of(filter?.parent_flow_run_id, amongIds, ({ parentFlowRunId }) => parentFlowRunId),
    of(filter?.parent_task_run_id, amongOrNull, ({ run }) => run.parentTaskRunId ?? null),
    of(filter?.idempotency_key, amongIds, ({ run }) => run.idempotencyKey ?? null),
    of(filter?.created_by, createdBy, ({ createdBy: creator }) => creator),
  ]);

const amongOrNull = (filter: AmongOrNull): Matches<string | null> =>
  combine<string | null>(filter.operator, [
    filter.any_ ? amongNames(filter) : undefined,
    filter.is_null_ == null ? undefined : isNull(filter),
  ]);

/** For a run that has not started, the expected start counts; `is_null_` means the real start. */
const startedBetween = (filter: Between): Matches<Run> =>
  combine<Run>('and_', [
    ({ startedAt, expectedAt }) => between(filter)(startedAt ?? expectedAt),
    ({ startedAt }) => isNull(filter)(startedAt ?? null),
  ]);

const createdBy = (filter: Creators): Matches<RunFacts['createdBy']> =>
  combine<RunFacts['createdBy']>(filter.operator, [
    filter.id_ ? (by) => filter.id_?.includes(by?.id ?? '') ?? true : undefined,
    filter.type_ ? (by) => filter.type_?.includes(by?.type ?? '') ?? true : undefined,
    filter.is_null_ == null ? undefined : isNull(filter),
  ]);
