import type { Scenario } from '../case.ts';
import { ARTIFACTS } from './artifacts/artifacts.ts';
import { BLOCKS } from './blocks/blocks.ts';
import { POLLS } from './claims/polls.ts';
import { WORKERS } from './claims/workers.ts';
import { BULK_DELETES } from './deployments/bulk-deletes.ts';
import { DEPLOYMENT_LIMITS } from './deployments/deployment-limits.ts';
import { DEPLOYMENT_LISTS } from './deployments/deployment-lists.ts';
import { DEPLOYMENT_UPDATES } from './deployments/deployment-updates.ts';
import { DEPLOYMENTS } from './deployments/deployments.ts';
import { FLOWS } from './deployments/flows.ts';
import { LOGS } from './logs/logs.ts';
import { NAMED_LIMITS } from './named-limits/named-limits.ts';
import { DEFAULT_POOL } from './pools/default-pool.ts';
import { POLLED_QUEUES } from './pools/polled-queues.ts';
import { POOLS } from './pools/pools.ts';
import { PRIORITIES } from './pools/queue-priorities.ts';
import { QUEUES } from './pools/queues.ts';
import { TEMPLATE_SCENARIOS } from './pools/templates.ts';
import { CREATE_FLOW_RUN } from './runs/create-flow-run.ts';
import { FLOW_RUN_LISTS } from './runs/flow-run-lists.ts';
import { FLOW_RUNS } from './runs/flow-runs.ts';
import { HOW_RUNS_BEGIN } from './runs/how-runs-begin.ts';
import { SCHEDULES } from './schedules/schedules.ts';
import { TRANSPORT } from './server/transport.ts';
import { PAUSING } from './states/pausing.ts';
import { SET_STATE } from './states/set-state.ts';
import { SET_STATE_PAIRS } from './states/set-state-pairs.ts';
import { TASK_RUNS } from './task-runs/task-runs.ts';
import { VARIABLES } from './variables/variables.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...TRANSPORT,
  ...POOLS,
  ...TEMPLATE_SCENARIOS,
  ...QUEUES,
  ...PRIORITIES,
  ...DEFAULT_POOL,
  ...POLLED_QUEUES,
  ...WORKERS,
  ...FLOWS,
  ...DEPLOYMENTS,
  ...DEPLOYMENT_LISTS,
  ...DEPLOYMENT_UPDATES,
  ...BULK_DELETES,
  ...DEPLOYMENT_LIMITS,
  ...CREATE_FLOW_RUN,
  ...FLOW_RUNS,
  ...FLOW_RUN_LISTS,
  ...HOW_RUNS_BEGIN,
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
