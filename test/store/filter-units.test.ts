import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../api/routes.ts';
import { request } from '../support/http.ts';
import { type MeteredStack, startMeteredStack } from '../support/metered-stack.ts';
import { prefectWorker } from '../support/prefect-worker.ts';
import { createRuns, createWork } from '../support/work.ts';

/** What it costs to ask. A running Prefect flow asks about itself 18 times a minute. Exact. */
let stack: MeteredStack;
let work: Awaited<ReturnType<typeof createWork>>;
let id: string;

beforeAll(async () => {
  stack = await startMeteredStack();
  work = await createWork(stack.client);
  [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  const worker = prefectWorker(stack, work);
  await worker.beat();
  await worker.claim(id);
  await worker.label(id);
  await worker.start(id);
});
afterAll(() => stack.stop());

async function reads(path: string, body: unknown) {
  stack.meter.take();
  const answer = await request(stack, 'POST', path, body);
  expect(answer.status).toBe(200);
  const { calls, reads: units, writes } = stack.meter.take();
  expect(writes).toBe(0);
  return { found: answer.body.length, calls, reads: units };
}

const NOTHING_ELSE = {
  flows: null,
  task_runs: null,
  deployments: null,
  work_pools: null,
  work_pool_queues: null,
  sort: null,
  limit: null,
  offset: 0,
};
const filter = (flow_runs: object, more: object = {}) =>
  reads('/flow_runs/filter', { ...NOTHING_ELSE, flow_runs, ...more });

test('watching for a cancel costs 1 read unit a look: one item, and nothing else', async () => {
  const mine = { operator: 'and_', id: { any_: [id] } };
  const one = { found: 0, calls: ['BatchGetItem'], reads: 1 };
  const named = { type: { any_: ['CANCELLED'] }, name: { any_: ['Cancelling'] } };
  expect(await filter({ ...mine, state: { operator: 'and_', ...named } })).toEqual(one);
  const typed = { operator: 'and_', type: { any_: ['CANCELLING'] }, name: null };
  expect(await filter({ ...mine, state: typed })).toEqual(one);
});

test('watching for a suspension costs 1 read unit', async () => {
  const state = { type: { any_: ['PAUSED'] }, name: { any_: ['Suspended'] } };
  const watched = await filter({ id: { any_: [id] }, state });
  expect(watched).toEqual({ found: 0, calls: ['BatchGetItem'], reads: 1 });
});

test('looking for no ids asks the database nothing', async () => {
  expect(await filter({ id: { any_: [] } })).toEqual({ found: 0, calls: [], reads: 0 });
});

test('looking for a subflow costs a query, and 1 for the run where there is one', async () => {
  const sort = { sort: 'EXPECTED_START_TIME_DESC', limit: 1 };
  const { body: task } = await request(stack, 'POST', '/task_runs/', {
    flow_run_id: id,
    task_key: 'k',
    dynamic_key: '0',
  });
  const lookup = { parent_task_run_id: { any_: [task.id] } };
  // DynamoDB asks 1 for an empty consistent page; DynamoDB Local says none.
  expect(await filter(lookup, sort)).toMatchObject({ found: 0, calls: ['Query'] });
  await stack.client.createFlowRun({
    body: { flow_id: work.flow.id, parent_task_run_id: task.id, state: { type: 'PENDING' } },
  });
  expect(await filter(lookup, sort)).toEqual({
    found: 1,
    calls: ['Query', 'BatchGetItem'],
    reads: 2,
  });
});

test('a page of the latest reads as many runs as it takes, not all that there are', async () => {
  await createRuns(stack.client, work.deployment.id, 320);
  const latest = await filter({}, { sort: 'EXPECTED_START_TIME_DESC', limit: 15 });
  expect(latest.found).toBe(15);
  expect(latest.calls.filter((call) => call === 'BatchGetItem')).toHaveLength(1);
  // 100 runs, and their keys.
  expect(latest.reads).toBeLessThanOrEqual(110);
  const all = await reads('/flow_runs/filter', { sort: 'NAME_ASC', limit: 15 });
  expect(all.reads).toBeGreaterThan(320);
});

test('runs of a state are found without reading the others', async () => {
  const running = await filter({ state: { type: { any_: ['RUNNING'] } } });
  expect(running.found).toBe(1);
  expect(running.reads).toBeLessThan(20);
});

test('no route scans the table', async () => {
  const bodies: Record<string, unknown> = {
    createFlow: { name: 'f' },
    createFlowRun: { flow_id: work.flow.id },
    createTaskRun: { task_key: 'k', dynamic_key: '1' },
    createWorkPool: { name: 'other' },
    createDeployment: { name: 'other', flow_id: work.flow.id },
    writeLogs: [],
    filterLogs: { logs: { flow_run_id: { any_: [id] } } },
    setState: { state: { type: 'RUNNING' } },
    setStates: { state: { type: 'CANCELLED' }, limit: 1 },
    setTaskRunState: { state: { type: 'RUNNING' } },
    releaseFlowRun: { by: 'me' },
    retryFlowRuns: { by: 'me' },
    cancelFlowRuns: { by: 'me', dry_run: true },
    deleteFlowRuns: { limit: 1 },
    deleteFlows: { flows: { name: { any_: ['no'] } } },
    deleteDeployments: { deployments: { name: { any_: ['no'] } } },
    readFlowRunHistory: {
      history_start: new Date(0).toISOString(),
      history_end: new Date().toISOString(),
      history_interval_seconds: 1e9,
    },
  };
  const inPath: Record<string, string> = { name: work.pool, queue: 'default', deployment: 'd' };
  // What ends things goes last.
  const routes = Object.entries(ROUTES).sort(([, a], [, b]) => a.method.localeCompare(b.method));
  const seen = new Set<string>();
  stack.meter.take();
  for (const [name, { method, path }] of [...routes].reverse()) {
    const where = path
      .slice('/api'.length)
      .replace(/\{(\w+)\}/g, (_, part: string) => inPath[part] ?? id);
    const query = name === 'readFlowRunStates' ? `?flow_run_id=${id}` : '';
    const body = method === 'POST' || method === 'PATCH' ? (bodies[name] ?? {}) : undefined;
    const { status } = await request(stack, method, where + query, body);
    expect(status === 501 || status < 500, `${method} ${path}: ${status}`).toBe(true);
    for (const call of stack.meter.take().calls) seen.add(call);
  }
  expect(seen.has('Query') && seen.has('BatchGetItem')).toBe(true);
  expect([...seen].filter((call) => /Scan|Statement/.test(call))).toEqual([]);
});

test('nor does anything else: the store knows no command that could', async () => {
  const folder = join(import.meta.dirname, '../../store');
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(40);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  expect(texts.join('\n')).not.toMatch(/ScanCommand|StatementCommand|paginateScan/);
});
