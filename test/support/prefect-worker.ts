import { randomUUID } from 'node:crypto';
import { type Answer, request } from './http.ts';
import type { TestStack } from './stack.ts';
import type { createWork } from './work.ts';

/** What an unmodified worker of Prefect 3.8.8 sends for a run, and the engine that it starts. */
export function prefectWorker(stack: TestStack, work: Awaited<ReturnType<typeof createWork>>) {
  const name = `ProcessWorker ${randomUUID()}`;
  const headers = { 'x-prefect-worker-name': name };
  const engine = {
    ...headers,
    'x-prefect-flow-id': work.flow.id,
    'x-prefect-deployment-id': work.deployment.id,
  };
  const send = (method: string, path: string, body: unknown, by = headers): Promise<Answer> =>
    request(stack, method, path, body, by);
  const propose = (id: string, type: string, stateName: string, more = {}, by = headers) => {
    const state_details = { flow_run_id: id, transition_id: randomUUID(), ...NO_DETAILS };
    const state = { type, name: stateName, message: null, data: null, state_details, ...more };
    return send('POST', `/flow_runs/${id}/set_state`, { state, force: false }, by);
  };
  let pool: ReturnType<typeof stack.client.readWorkPool> | undefined;
  return {
    name,
    headers,
    beat: () =>
      send('POST', `/work_pools/${work.pool}/workers/heartbeat`, {
        name,
        heartbeat_interval_seconds: 30,
      }),
    claim: (id: string) => propose(id, 'PENDING', 'Pending'),
    label: async (id: string, more: Record<string, unknown> = {}) => {
      pool ??= stack.client.readWorkPool({ name: work.pool });
      return send('PATCH', `/flow_runs/${id}/labels`, {
        'prefect.worker.name': name,
        'prefect.worker.type': 'process',
        'prefect.work-pool.name': work.pool,
        'prefect.work-pool.id': (await pool).id,
        ...more,
      });
    },
    submit: (id: string) => propose(id, 'PENDING', 'Submitting'),
    setPid: (id: string) => send('PATCH', `/flow_runs/${id}`, { infrastructure_pid: '9183' }),
    setPolicy: (id: string) =>
      send(
        'PATCH',
        `/flow_runs/${id}`,
        { flow_version: VERSION, empirical_policy: POLICY },
        engine,
      ),
    start: (id: string) => propose(id, 'RUNNING', 'Running', {}, engine),
    complete: (id: string) => propose(id, 'COMPLETED', 'Completed', {}, engine),
  };
}

const VERSION = '327d6bfdf870efda4b6cf75c25d392c3';
const POLICY = {
  max_retries: 0,
  retry_delay_seconds: 0,
  retries: 0,
  retry_delay: 0,
  pause_keys: [],
  resuming: false,
  retry_type: null,
};
const NO_DETAILS = {
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  deferred: null,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: null,
  retriable: null,
  task_parameters_id: null,
  traceparent: null,
  deployment_concurrency_lease_id: null,
};
