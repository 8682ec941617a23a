import * as z from 'zod';
import { STATE_TYPES } from '../../model/runs/state.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { cutTo, timestamp, uuid } from './fields.ts';
import {
  amongIds,
  anyIds,
  DeploymentFilter,
  FlowFilter,
  operator,
  tagged,
  WorkPoolFilter,
  WorkQueueFilter,
} from './filters.ts';

/** Prefect's filters of flow runs and task runs. core/filters/ has the meaning of each. */
const texts = z.array(z.string()).nullish();
/** As they are stored: a run's long texts are cut. */
const shortTexts = z.array(cutTo(NUMBERS.shortText)).nullish();
const stateNames = z.array(cutTo(NUMBERS.stateName)).nullish();
const amongRunNames = z.strictObject({ any_: shortTexts, like_: z.string().nullish() }).nullish();
const ids = z.array(uuid).nullish();
const yesOrNo = z.boolean().nullish();

const between = z.strictObject({ after_: timestamp.nullish(), before_: timestamp.nullish() });
const betweenOrNull = between.extend({ is_null_: yesOrNo });
const idsOrNull = z.strictObject({ operator, any_: ids, is_null_: yesOrNo }).nullish();

const types = z.array(z.enum(STATE_TYPES)).nullish();
const state = z
  .strictObject({
    operator,
    type: z.strictObject({ any_: types, not_any_: types }).nullish(),
    name: z.strictObject({ any_: stateNames, not_any_: stateNames }).nullish(),
  })
  .nullish();

export const FlowRunFilter = z
  .strictObject({
    operator,
    id: amongIds,
    name: amongRunNames,
    tags: tagged,
    deployment_id: idsOrNull,
    work_queue_name: z.strictObject({ operator, any_: texts, is_null_: yesOrNo }).nullish(),
    state,
    flow_version: z.strictObject({ any_: shortTexts }).nullish(),
    start_time: betweenOrNull.nullish(),
    end_time: betweenOrNull.nullish(),
    expected_start_time: between.nullish(),
    next_scheduled_start_time: between.nullish(),
    parent_flow_run_id: z.strictObject({ operator, any_: ids }).nullish(),
    parent_task_run_id: idsOrNull,
    idempotency_key: z.strictObject({ any_: shortTexts, not_any_: shortTexts }).nullish(),
    created_by: z.strictObject({ operator, id_: ids, type_: texts, is_null_: yesOrNo }).nullish(),
  })
  .meta({ id: 'FlowRunFilter' });

const TaskRunFilter = z
  .strictObject({
    operator,
    id: anyIds,
    name: amongRunNames,
    tags: tagged,
    state,
    start_time: betweenOrNull.nullish(),
    end_time: betweenOrNull.nullish(),
    expected_start_time: between.nullish(),
    subflow_runs: z.strictObject({ exists_: yesOrNo }).nullish(),
    flow_run_id: idsOrNull,
  })
  .meta({ id: 'TaskRunFilter' });

/** The filters that choose runs, the same in every request. A run must match all of them. */
export const whichRuns = {
  flow_runs: FlowRunFilter.nullish(),
  flows: FlowFilter.nullish(),
  task_runs: TaskRunFilter.nullish(),
  deployments: DeploymentFilter.nullish(),
  work_pools: WorkPoolFilter.nullish(),
  work_pool_queues: WorkQueueFilter.nullish(),
};

/** Filters that choose flows and deployments by their runs. */
export const havingRuns = {
  flow_runs: FlowRunFilter.nullish(),
  task_runs: TaskRunFilter.nullish(),
};
