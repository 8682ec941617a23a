import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPrefectServer } from '../../scripts/golden/prefect-server.ts';
import { prefectPython } from '../../scripts/python-venv.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { dibs } from './cli-process.ts';

const DEPLOYMENTS = 250;
const SECRET = 'admin:pass-word';

let prefect: Awaited<ReturnType<typeof startPrefectServer>>;
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  const python = await prefectPython('3.8.8');
  prefect = await startPrefectServer(python, { PREFECT_SERVER_API_AUTH_STRING: SECRET });
  await fill();
}, 600_000);
afterAll(async () => {
  await prefect?.stop();
  await stack.stop();
});

/** Retries after 503, because SQLite is sometimes busy. */
async function call<Answer = unknown>(
  method: string,
  path: string,
  body?: object,
  tries = 10,
): Promise<Answer> {
  const response = await fetch(prefect.url + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(SECRET)}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (response.status >= 500 && tries > 0) return call<Answer>(method, path, body, tries - 1);
  const text = await response.text();
  if (!response.ok && response.status !== 409) throw new Error(`${path}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

async function fill(): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await call('POST', '/work_pools/', {
      name: `pool ${i}`,
      type: 'process',
      is_paused: i === 2,
      concurrency_limit: i === 1 ? 4 : null,
      base_job_template: {
        job_configuration: { n: '{{ n }}' },
        variables: { type: 'object', properties: { n: { default: 1 } } },
      },
    });
    for (const name of ['b', 'a', 'c'])
      await call('POST', `/work_pools/pool ${i}/queues`, { name });
  }
  await call('PATCH', '/work_pools/pool 1/queues/c', { priority: 1, is_paused: true });
  await call('POST', '/v2/concurrency_limits/', {
    name: 'db',
    limit: 5,
    slot_decay_per_second: 0.5,
  });
  await call('POST', '/concurrency_limits/', { tag: 'gpu', concurrency_limit: 3 });
  await call('POST', '/variables/', { name: 'one', value: { a: [1.5, null, 'é'] }, tags: ['t'] });
  const { id: limit } = await call<{ id: string }>('GET', '/v2/concurrency_limits/db');
  const flows: string[] = [];
  for (let i = 0; i < 10; i += 1) {
    const flow = await call<{ id: string }>('POST', '/flows/', { name: `flow ${i}`, tags: ['x'] });
    flows.push(flow.id);
  }
  for (let i = 0; i < DEPLOYMENTS; i += 1) {
    await call('POST', '/deployments/', {
      flow_id: flows[i % 10],
      name: `deployment ${i}`,
      work_pool_name: `pool ${i % 3}`,
      work_queue_name: ['a', 'b', 'c', 'default'][i % 4],
      parameters: { n: i },
      job_variables: { env: { N: String(i) } },
      pull_steps: [{ 'prefect.deployments.steps.set_working_directory': { directory: '/opt' } }],
      paused: i % 7 === 0,
      labels: i % 3 === 0 ? { l: i } : {},
      schedules: SCHEDULES[i % 4],
      ...(i % 5 === 0 ? { concurrency_limit: 3 } : {}),
      ...(i % 50 === 1 ? { global_concurrency_limit_id: limit } : {}),
    });
  }
}

const SCHEDULES: Readonly<Record<number, readonly object[]>> = {
  1: [
    { schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin' }, slug: 'morning' },
    { schedule: { interval: 3600, anchor_date: '2026-01-01T00:00:00Z' }, active: false },
  ],
  2: [{ schedule: { rrule: 'FREQ=DAILY;BYHOUR=3', timezone: 'America/New_York' }, active: true }],
};

test('250 deployments and all they need come over from a Prefect server', async () => {
  const from = ['import', '--from-prefect', prefect.url];
  const unknown = await dibs(stack.url, from);
  expect(unknown.code).toBe(1);
  expect(unknown.err).toContain('set PREFECT_API_AUTH_STRING and give --auth-string');

  process.env['PREFECT_API_AUTH_STRING'] = SECRET;
  const first = await dibs(stack.url, [...from, '--auth-string']);
  expect(first.code).toBe(1);
  expect(first.out.match(/shares the concurrency limit db/g)).toHaveLength(5);
  const second = await dibs(stack.url, [...from, '--auth-string', '--own-limits']);
  expect([second.code, second.err]).toEqual([0, '']);
  expect(second.out).toMatch(/^deployment +5 +0 +245 +0 +0$/m);
  expect(second.out).not.toContain('updated:');
  const third = await dibs(stack.url, [...from, '--auth-string', '--own-limits']);
  expect(third.out).toMatch(/^deployment +0 +0 +250 +0 +0$/m);

  const there = await stack.client.readDeploymentByName({
    flow: 'flow 7',
    deployment: 'deployment 237',
  });
  expect(there).toMatchObject({
    work_pool_name: 'pool 0',
    work_queue_name: 'b',
    parameters: { n: 237 },
    labels: { l: 237 },
  });
  const rules = there.schedules.map(({ schedule, active, slug }) => ({ schedule, active, slug }));
  expect(rules).toContainEqual({
    schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin', day_or: true },
    active: true,
    slug: 'morning',
  });
  const queues = await stack.client.filterWorkQueues({ name: 'pool 1', body: {} });
  expect(queues.map(({ name, priority }) => [priority, name])).toContainEqual([1, 'c']);
}, 300_000);
