import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { requestsTo } from '../support/http.ts';
import type { TestStack } from '../support/stack.ts';

export const SCHEMA = {
  type: 'object',
  properties: { a: { type: 'integer' } },
  required: ['a', 'b'],
};
const TEMPLATE = {
  job_configuration: { cpus: '{{ cpus }}' },
  variables: { type: 'object', properties: { cpus: { type: 'integer' } } },
};

/** All that Prefect's deploy sends, and some more. */
export const FULL = {
  version: '1',
  version_info: { type: 'prefect:simple', version: 'v9', extra: 1 },
  description: 'x',
  paused: true,
  schedules: [],
  concurrency_limit: 3,
  concurrency_options: { collision_strategy: 'CANCEL_NEW' },
  parameters: { a: 1 },
  tags: ['t'],
  labels: { l: 'v' },
  job_variables: { cpus: 1 },
  parameter_openapi_schema: SCHEMA,
  enforce_parameter_schema: true,
  path: 'p',
  entrypoint: 'flows.py:f',
  pull_steps: [{ step: {} }],
};

/** Creates deployments, each of a flow and in a pool of its own. */
export function deployer(stack: () => TestStack) {
  const { post } = requestsTo(stack);

  async function flowAndPool() {
    const name = randomUUID();
    const flow = (await post('/flows/', { name: `flow-${name}`, labels: { of: 'flow' } })).body;
    const pool = `pool-${name}`;
    await post('/work_pools/', { name: pool, type: 'process', base_job_template: TEMPLATE });
    return { flow, pool };
  }

  async function deployed(more: object = {}) {
    const { flow, pool } = await flowAndPool();
    const body = { name: 'd', flow_id: flow.id, work_pool_name: pool, ...more };
    const made = await post('/deployments/', body);
    expect(made.status).toBe(201);
    return { flow, pool, deployment: made.body, at: `/deployments/${made.body.id}` };
  }

  return { flowAndPool, deployed };
}
