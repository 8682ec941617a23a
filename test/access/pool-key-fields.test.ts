import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Route } from '../../api/route.ts';
import { ROUTES } from '../../api/routes.ts';
import { type Client, createClient } from '../../client/index.ts';
import { ACCESS } from '../../model/access.ts';
import { request } from '../support/http.ts';
import { bodySchema, samples } from '../support/json-samples.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/**
 * Every field of every body that a key for some pools may send, with records of another pool. The
 * bodies are made from the route table and its schemas, so a new route or field is tried, too.
 */
let stack: TestStack;
let admin: Client;
let headers: { authorization: string };
type Records = Awaited<ReturnType<typeof recordsIn>>;
let mine: Records;
let theirs: Records;

beforeAll(async () => {
  // The clock stands still: what is late or how long it has waited must not differ.
  const now = Date.now() * 1000;
  stack = await startTestStack({ asksForKeys: true, context: { now: () => now } });
  const first = await stack.client.createApiKey({ body: { name: 'first', role: 'admin' } });
  admin = createClient({ url: stack.url, headers: { authorization: `Bearer ${first.key}` } });
  mine = await recordsIn(await createWork(admin));
  theirs = await recordsIn(await createWork(admin));
  const body = { name: 'a', role: 'agent' as const, pools: [mine.pool] };
  headers = { authorization: `Bearer ${(await admin.createApiKey({ body })).key}` };
});
afterAll(() => stack.stop());

async function recordsIn({ pool, flow, deployment }: Awaited<ReturnType<typeof createWork>>) {
  const [run = ''] = await createRuns(admin, deployment.id, 1);
  const task = await admin.createTaskRun({
    body: { flow_run_id: run, task_key: 't', dynamic_key: '0' },
  });
  const artifact = await admin.createArtifact({ body: { key: 'k', flow_run_id: run } });
  const [queue] = await admin.filterWorkQueues({ name: pool, body: {} });
  return {
    pool,
    flow: flow.id,
    deployment: deployment.id,
    run,
    task: task.id,
    artifact: artifact.id,
    queue: queue?.id ?? '',
  };
}

/** A field that names a record names theirs. */
const known = (name: string): unknown =>
  ({
    flow_id: theirs.flow,
    flow_run_id: theirs.run,
    task_run_id: theirs.task,
    parent_task_run_id: theirs.task,
    deployment_ids: [theirs.deployment],
    work_pool_name: theirs.pool,
    name: undefined,
  })[name];

function pathOf({ path }: Route, of: Records): string {
  const ids: Record<string, string> = {
    work_queues: of.queue,
    flow_runs: of.run,
    task_runs: of.task,
    artifacts: of.artifact,
    deployments: of.deployment,
  };
  return path
    .slice('/api'.length)
    .replace(/^\/(\w+)\/\{id\}/, (_, kind: string) => `/${kind}/${ids[kind]}`)
    .replace('{name}', of.pool)
    .replaceAll(/\{\w+\}/g, crypto.randomUUID());
}

/** A flow belongs to no pool, so naming it says nothing. */
const namesTheirs = (...sent: unknown[]): boolean => {
  const { flow: _, ...records } = theirs;
  return Object.values(records).some((one) => JSON.stringify(sent).includes(one));
};

/** Everything of theirs, as an admin sees it. */
const seen = async () =>
  JSON.stringify([
    await admin.readWorkPool({ name: theirs.pool }),
    await admin.filterWorkQueues({ name: theirs.pool, body: {} }),
    await admin.readDeployment({ id: theirs.deployment }),
    await admin.readFlowRun({ id: theirs.run }),
    await admin.readTaskRun({ id: theirs.task }),
    await admin.readArtifact({ id: theirs.artifact }),
    await admin.filterLogs({ body: { logs: { flow_run_id: { any_: [theirs.run] } } } }),
  ]);

const agentsMay = ({ access }: Route) =>
  access !== 'anyone' &&
  access !== 'read' &&
  (ACCESS[access] as readonly string[]).includes('agent');

const restricted = (Object.entries(ROUTES) as Array<[string, Route]>).filter(
  ([, route]) => agentsMay(route) && route.about !== 'no pool',
);

/** What is sent to a route: each body that its schema allows, with one thing chosen. */
function bodiesFor({ method, path }: Route): ReadonlyArray<{ what: string; value?: unknown }> {
  const schema = bodySchema(method, path);
  return schema ? samples(schema, known) : [{ what: '' }];
}

/**
 * What passes, though it names a record of theirs. A run of a deployment of theirs may be created as
 * run_deployment() in a flow creates it, but nothing may be chosen that says how or where it is
 * executed. What the details of a state name is only kept.
 */
const OF_A_NEW_RUN = [
  '.name',
  '.state.type=SCHEDULED',
  '.state.message',
  '.state.state_details.scheduled_time',
  '.state.state_details.deferred=false',
  '.state.state_details.untrackable_result=false',
  '.state.state_details.pause_reschedule=false',
  '.state.state_details.refresh_cache=false',
  '.state.state_details.retriable=false',
  '.state.state_details.transition_id',
  '.state.state_details.traceparent',
  '.parameters',
  '.context',
  '.tags[]',
  '.labels',
  '.empirical_policy.max_retries',
  '.empirical_policy.retry_delay_seconds',
  '.empirical_policy.resuming=false',
  '.enforce_parameter_schema=true',
];
const PASSES = [
  ...OF_A_NEW_RUN.map((what) => `createFlowRunFromDeployment${what}`),
  ...OF_A_NEW_RUN.map((what) => `createFlowRunsFromDeployment[]${what}`),
  'createFlowRun.state.state_details.flow_run_id',
  'createFlowRun.state.state_details.task_run_id',
  'createTaskRun.state.state_details.flow_run_id',
  'createTaskRun.state.state_details.task_run_id',
];

test('a key for one pool changes nothing of another, by whatever field of whatever route', async () => {
  const before = await seen();
  const passed: string[] = [];
  let sent = 0;
  for (const [name, route] of restricted) {
    for (const { what, value } of bodiesFor(route)) {
      sent++;
      const { status, body } = await request(
        stack,
        route.method,
        pathOf(route, theirs),
        value,
        headers,
      );
      if (status === 403 && body.code === 'pool_forbidden') continue;
      // Not a body that the route takes, or one that names nothing of theirs.
      if (status === 422 || !namesTheirs(pathOf(route, theirs), value)) continue;
      passed.push(`${name}${what}`);
    }
  }
  expect(passed).toEqual(PASSES);
  expect(sent).toBeGreaterThan(200);
  expect(await seen()).toBe(before);
});

test('nor by what a change of a record of its own names', async () => {
  const before = await seen();
  let done = 0;
  for (const [, route] of restricted) {
    for (const { value } of bodiesFor(route)) {
      if (!namesTheirs(value)) continue;
      const path = pathOf(route, mine);
      const { status } = await request(stack, route.method, path, value, headers);
      if (status < 300) done++;
    }
  }
  expect(done).toBeGreaterThan(5);
  expect(await seen()).toBe(before);
});
