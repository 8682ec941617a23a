import type { Scenario } from '../case.ts';
import { ARTIFACTS } from './artifacts.ts';
import { BLOCKS } from './blocks.ts';
import { CREATE_FLOW_RUN } from './create-flow-run.ts';
import { DEFAULT_POOL } from './default-pool.ts';
import { DEPLOYMENT_LIMITS } from './deployment-limits.ts';
import { DEPLOYMENT_LISTS } from './deployment-lists.ts';
import { DEPLOYMENTS } from './deployments.ts';
import { FLOW_RUN_LISTS } from './flow-run-lists.ts';
import { FLOW_RUNS } from './flow-runs.ts';
import { FLOWS } from './flows.ts';
import { LOGS } from './logs.ts';
import { NAMED_LIMITS } from './named-limits.ts';
import { PAUSING } from './pausing.ts';
import { POLLS } from './polls.ts';
import { POOLS } from './pools.ts';
import { PRIORITIES } from './queue-priorities.ts';
import { QUEUES } from './queues.ts';
import { SCHEDULES } from './schedules.ts';
import { SET_STATE } from './set-state.ts';
import { SET_STATE_PAIRS } from './set-state-pairs.ts';
import { TASK_RUNS } from './task-runs.ts';
import { TEMPLATE_SCENARIOS } from './templates.ts';
import { TRANSPORT } from './transport.ts';
import { VARIABLES } from './variables.ts';
import { WORKERS } from './workers.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...TRANSPORT,
  ...POOLS,
  ...TEMPLATE_SCENARIOS,
  ...QUEUES,
  ...PRIORITIES,
  ...DEFAULT_POOL,
  ...WORKERS,
  ...FLOWS,
  ...DEPLOYMENTS,
  ...DEPLOYMENT_LISTS,
  ...DEPLOYMENT_LIMITS,
  ...CREATE_FLOW_RUN,
  ...FLOW_RUNS,
  ...FLOW_RUN_LISTS,
  ...SET_STATE,
  ...SET_STATE_PAIRS,
  ...POLLS,
  ...LOGS,
  ...TASK_RUNS,
  ...BLOCKS,
  ...VARIABLES,
  ...PAUSING,
  ...SCHEDULES,
  ...ARTIFACTS,
  ...NAMED_LIMITS,
];
