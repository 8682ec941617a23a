import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, SECOND, toIso } from '../../model/values/instant.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let ahead = 0;
const now = () => Date.now() * 1000 + ahead;
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now } });
});
afterAll(() => stack.stop());

const claimedIds = async (...args: Parameters<typeof claimRuns>) =>
  (await claimRuns(...args)).runs.map((run) => run.flow_run.id);

test('queues are served by priority; a paused queue or pool is not', async () => {
  const { client } = stack;
  const { pool, flow, deployment } = await createWork(client);
  await client.createWorkQueue({ name: pool, body: { name: 'urgent', priority: 1 } });
  const queues = await client.filterWorkQueues({ name: pool, body: {} });
  expect(queues.map(({ name, priority }) => `${name} ${priority}`)).toEqual([
    'urgent 1',
    'default 2',
  ]);
  const urgent = await client.createDeployment({
    body: { name: 'u', flow_id: flow.id, work_pool_name: pool, work_queue_name: 'urgent' },
  });
  const normal = await createRuns(client, deployment.id, 1);
  const first = await createRuns(client, urgent.id, 1);
  const me = await openSession(client, pool);

  await client.updateWorkPool({ name: pool, body: { is_paused: true } });
  // Records are cached for 2 s.
  ahead += 2 * SECOND;
  const paused = await claimRuns(client, pool, me);
  expect(paused).toEqual({ runs: [], retry_after: 10 });
  await client.updateWorkPool({ name: pool, body: { is_paused: false } });
  ahead += 2 * SECOND;
  expect(await claimedIds(client, pool, me, { limit: 1 })).toEqual(first);

  const [later = ''] = await createRuns(client, urgent.id, 1);
  await client.updateWorkQueue({ name: pool, queue: 'urgent', body: { is_paused: true } });
  ahead += 2 * SECOND;
  expect(await claimedIds(client, pool, me, { limit: 5 })).toEqual(normal);
  await client.updateWorkQueue({ name: pool, queue: 'urgent', body: { is_paused: false } });
  ahead += 2 * SECOND;
  expect(await claimedIds(client, pool, me, { queue_names: ['default'] })).toEqual([]);
  expect(await claimedIds(client, pool, me, { queue_names: ['urgent'] })).toEqual([later]);
});

test('a run of the future is not handed out before its time', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const me = await openSession(client, pool);
  const { id } = await client.createFlowRunFromDeployment({
    id: deployment.id,
    body: {
      state: { type: 'SCHEDULED', state_details: { scheduled_time: toIso(now() + HOUR) } },
    },
  });
  expect(await claimedIds(client, pool, me)).toEqual([]);
  ahead += HOUR;
  const again = await openSession(client, pool);
  expect(await claimedIds(client, pool, again)).toEqual([id]);
});

test('a claim carries all that an agent needs', async () => {
  const { client } = stack;
  const { pool, flow, deployment } = await createWork(client, { parameters: { x: 1 } });
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const me = await openSession(client, pool);
  const [run] = (await claimRuns(client, pool, me, { start: true })).runs;
  expect(run).toMatchObject({
    attempt: 1,
    lease_seconds: 30,
    claim_token: expect.stringMatching(new RegExp(`^${id}\\.1\\.[\\w-]{22}$`)),
    flow_run: {
      id,
      state_type: 'RUNNING',
      run_count: 1,
      flow_id: flow.id,
      parameters: { x: 1 },
      work_pool_name: pool,
      work_queue_name: 'default',
    },
    deployment: { id: deployment.id, entrypoint: 'flows.ts:one', work_pool_name: pool },
  });
});

test('a run given back is claimed again under a higher attempt, and the old token is stale', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 1);
  const [a, b] = await Promise.all([openSession(client, pool), openSession(client, pool)]);
  const [first] = (await claimRuns(client, pool, a)).runs;
  if (!first) throw new Error('nothing was claimed');
  expect((await propose(client, first, 'SCHEDULED')).status).toBe('ACCEPT');
  const [second] = (await claimRuns(client, pool, b)).runs;
  expect(second?.attempt).toBe(2);
  await expect(propose(client, first, 'COMPLETED')).rejects.toMatchObject({
    status: 409,
    code: 'claim_lost',
    body: { attempt: 2, holder: { session_id: b.session } },
  });
});

test('the same start or finish sent twice counts once', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const me = await openSession(client, pool);
  const [run] = (await claimRuns(client, pool, me)).runs;
  const twice = async (type: 'RUNNING' | 'COMPLETED') => {
    const body = {
      state: { type, state_details: { transition_id: randomUUID() } },
      claim_token: run?.claim_token ?? '',
    };
    return [
      (await client.setState({ id, body })).status,
      (await client.setState({ id, body })).status,
    ];
  };
  expect(await twice('RUNNING')).toEqual(['ACCEPT', 'ACCEPT']);
  expect(await twice('COMPLETED')).toEqual(['ACCEPT', 'ACCEPT']);
  const states = await client.readFlowRunStates({ query: { flow_run_id: id } });
  expect(states.map(({ type }) => type)).toEqual(['SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED']);
  expect((await client.readFlowRun({ id })).run_count).toBe(1);
});

test('PENDING by set_state is a claim too: of two workers and an agent, one gets the run', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const me = await openSession(client, pool);
  for (let round = 0; round < 5; round++) {
    const [id = ''] = await createRuns(client, deployment.id, 1);
    const pending = (worker: string) =>
      client.setState({
        id,
        body: { state: { type: 'PENDING', state_details: { transition_id: randomUUID() } } },
        headers: { 'x-prefect-worker-name': worker },
      });
    const [a, b, mine] = await Promise.all([
      pending('worker-a'),
      pending('worker-b'),
      claimRuns(client, pool, me, { limit: 100 }),
    ]);
    const winners = [a, b].filter(({ status }) => status === 'ACCEPT').length;
    const claimed = mine.runs.filter((run) => run.flow_run.id === id).length;
    expect(winners + claimed).toBe(1);
    expect((await client.readFlowRun({ id })).attempt).toBe(1);
    const loser = a.status === 'ACCEPT' ? 'worker-b' : 'worker-a';
    const run = await client.setState({
      id,
      body: { state: { type: 'RUNNING' }, force: true },
      headers: { 'x-prefect-worker-name': loser },
    });
    expect(run.status).toBe('ABORT');
  }
});

test('a worker that lost its run moves it no further, and one that creates a run holds it', async () => {
  const { client } = stack;
  const { flow, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const headers = { 'x-prefect-worker-name': 'w1' };
  const set = async (run: string, type: 'PENDING' | 'RUNNING' | 'COMPLETED') =>
    (await client.setState({ id: run, body: { state: { type } }, headers })).status;
  expect(await set(id, 'PENDING')).toBe('ACCEPT');
  expect(await set(id, 'RUNNING')).toBe('ACCEPT');
  await client.setState({ id, body: { state: { type: 'SCHEDULED' }, force: true } });
  expect(await set(id, 'COMPLETED')).toBe('ABORT');
  expect((await client.readFlowRun({ id })).state_type).toBe('SCHEDULED');

  const mine = await client.createFlowRun({ body: { flow_id: flow.id }, headers });
  expect(await set(mine.id, 'RUNNING')).toBe('ACCEPT');
  // A flow that cancels another flow's run sends its worker's name, too: there it is a user.
  const ofAnotherFlow = { ...headers, 'x-prefect-flow-id': randomUUID() };
  const cancel = await client.setState({
    id: mine.id,
    body: { state: { type: 'CANCELLING' } },
    headers: ofAnotherFlow,
  });
  expect(cancel.status).toBe('ACCEPT');
});

test('cancelling a run that nobody holds cancels it, whatever process it had', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const me = await openSession(client, pool);
  const [run] = (await claimRuns(client, pool, me)).runs;
  await client.updateFlowRun({ id, body: { infrastructure_pid: '123' } });
  if (run) await propose(client, run, 'SCHEDULED');
  await client.setState({ id, body: { state: { type: 'CANCELLING' } } });
  expect((await client.readFlowRun({ id })).state_type).toBe('CANCELLED');
});

test('a run is executed by the deployment it was created under, or a later one, never an older', async () => {
  const { client } = stack;
  const { pool, flow, deployment } = await createWork(client);
  const me = await openSession(client, pool);
  const entrypointOf = async () => {
    await createRuns(client, deployment.id, 1);
    const [run] = (await claimRuns(client, pool, me)).runs;
    return run?.deployment?.entrypoint;
  };
  expect(await entrypointOf()).toBe('flows.ts:one');
  // At once, while the old one is still kept in memory.
  for (const entrypoint of ['flows.ts:two', 'flows.ts:three']) {
    await client.createDeployment({
      body: { name: 'd', flow_id: flow.id, work_pool_name: pool, entrypoint },
    });
    expect(await entrypointOf()).toBe(entrypoint);
  }
});

test('a run that waits for a retry in its process is SCHEDULED, held, and claimed by nobody else', async () => {
  const { client, context } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  await client.updateFlowRun({ id, body: { empirical_policy: { retries: 1 } } });
  const [a, b] = await Promise.all([openSession(client, pool), openSession(client, pool)]);
  const [run] = (await claimRuns(client, pool, a, { start: true })).runs;
  if (!run) throw new Error('nothing was claimed');
  expect((await propose(client, run, 'FAILED')).state?.name).toBe('AwaitingRetry');

  // Not by a poll, not by the claim write itself, were it tried, and not by set_state.
  expect(await claimedIds(client, pool, b)).toEqual([]);
  const at = now();
  const written = await context.store.claim({
    runId: id,
    claim: { sessionId: b.session, claimId: randomUUID(), secret: context.newSecret() },
    state: { id: randomUUID(), type: 'PENDING', name: 'Pending', at },
    takes: [],
    attempts: 0,
    now: at + SECOND,
    deadline: at + 10 * SECOND,
  });
  expect(written).toMatchObject({ won: false, run: { claim: { sessionId: a.session } } });
  const pending = await client.setState({ id, body: { state: { type: 'PENDING' } } });
  expect(pending.status).toBe('ABORT');
  expect((await propose(client, run, 'RUNNING')).status).toBe('ACCEPT');
});
