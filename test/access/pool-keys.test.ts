import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiError, type Client, createClient } from '../../client/index.ts';
import { movableClock } from '../support/clock.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

let stack: TestStack;
let admin: Client;
const clock = movableClock();
const as = (key: string) =>
  createClient({ url: stack.url, headers: { authorization: `Bearer ${key}` } });

beforeEach(async () => {
  stack = await startTestStack({ asksForKeys: true, context: { now: clock.now } });
  admin = as((await stack.client.createApiKey({ body: { name: 'first', role: 'admin' } })).key);
});
afterEach(() => stack.stop());

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'in',
    (error) => (error instanceof ApiError ? error.code : error),
  );

async function twoPools() {
  const mine = await createWork(admin);
  const others = await createWork(admin);
  const body = { name: 'a', role: 'agent' as const, pools: [mine.pool] };
  return { mine, others, agent: as((await admin.createApiKey({ body })).key) };
}
const forced = (type: 'COMPLETED' | 'CANCELLED') => ({ state: { type }, force: true });

describe('a key for one pool', () => {
  test('claims there alone, and changes no run of another', async () => {
    const { mine, others, agent } = await twoPools();
    const poll = (name: string) => agent.pollWorkPool({ name, body: {} });
    expect(await codeOf(poll(mine.pool))).toBe('in');
    expect(await codeOf(poll(others.pool))).toBe('pool_forbidden');
    const [theirs = ''] = await createRuns(admin, others.deployment.id, 1);
    const [own = ''] = await createRuns(admin, mine.deployment.id, 1);
    const cancel = (id: string) =>
      agent.setState({ id, body: { state: { type: 'CANCELLED' }, force: true } });
    expect(await codeOf(cancel(theirs))).toBe('pool_forbidden');
    expect((await admin.readFlowRun({ id: theirs })).state_type).toBe('SCHEDULED');
    expect(await codeOf(cancel(own))).toBe('in');
    const queues = await admin.filterWorkQueues({ name: others.pool, body: {} });
    const byQueue = agent.pollWorkQueue({ id: queues[0]?.id ?? '', body: {} });
    expect(await codeOf(byQueue)).toBe('pool_forbidden');
    const flow = await agent.createFlow({ body: { name: 'sub' } });
    const subflow = await agent.createFlowRun({ body: { flow_id: flow.id } });
    expect(await codeOf(cancel(subflow.id))).toBe('in');
  });

  test('opens no session in its pool under the id of another’s, and gets none of its claims', async () => {
    const { mine, others, agent } = await twoPools();
    const [id = ''] = await createRuns(admin, others.deployment.id, 1);
    const session = await openSession(admin, others.pool);
    const [claimed] = (await claimRuns(admin, others.pool, session)).runs;
    const open = (more: object) =>
      agent.heartbeat({
        name: mine.pool,
        session_id: session.session,
        body: { worker_name: 'evil', started: true, capacity: 5, runs: [], ...more },
      });
    expect(await codeOf(open({}))).toBe('session_ended');
    expect(await codeOf(open({ ended: true }))).toBe('session_ended');
    const run = await admin.readFlowRun({ id });
    expect([run.state_type, claimed?.attempt]).toEqual(['PENDING', 1]);
  });

  test('opens no session under an id that follows from a name: such are those of Prefect’s workers', async () => {
    const { mine, agent } = await twoPools();
    const derived = '0190c2f4-0000-5000-8000-000000000001';
    const body = { worker_name: 'w', started: true as const, capacity: 1, runs: [] };
    const open = agent.heartbeat({ name: mine.pool, session_id: derived, body });
    expect(await codeOf(open)).toBe('session_ended');
  });

  test('creates runs of another pool’s deployments as they are, and says nothing of how they run', async () => {
    const { others, agent } = await twoPools();
    const { id } = others.deployment;
    expect(await codeOf(agent.createFlowRunFromDeployment({ id, body: {} }))).toBe('in');
    for (const body of [{ job_variables: { command: 'x' } }, { work_queue_name: 'mine' }]) {
      const one = agent.createFlowRunFromDeployment({ id, body });
      expect(await codeOf(one)).toBe('pool_forbidden');
      const bulk = agent.createFlowRunsFromDeployment({ id, body: [{}, body] });
      expect(await codeOf(bulk)).toBe('pool_forbidden');
    }
    const byHand = agent.createFlowRun({
      body: { flow_id: others.flow.id, work_pool_name: others.pool },
    });
    expect(await codeOf(byHand)).toBe('pool_forbidden');
    const ofTheirs = agent.createFlowRun({
      body: { flow_id: others.flow.id, deployment_id: id, state: { type: 'RUNNING' } },
    });
    expect(await codeOf(ofTheirs)).toBe('pool_forbidden');
    const queues = await admin.filterWorkQueues({ name: others.pool, body: {} });
    expect(queues.map(({ name }) => name)).toEqual(['default']);
  });

  test('changes no run of another pool whose queue was deleted', async () => {
    const { mine, others, agent } = await twoPools();
    const held = async (work: typeof mine) => {
      await admin.createWorkQueue({ name: work.pool, body: { name: 'q2' } });
      const body = { work_queue_name: 'q2' };
      const { id } = await admin.createFlowRunFromDeployment({ id: work.deployment.id, body });
      await claimRuns(admin, work.pool, await openSession(admin, work.pool));
      await admin.deleteWorkQueue({ name: work.pool, queue: 'q2' });
      return id;
    };
    const theirs = await held(others);
    const own = await held(mine);
    clock.jump(10_000_000);
    const set = (id: string) => codeOf(agent.setState({ id, body: forced('CANCELLED') }));
    expect(await set(theirs)).toBe('pool_forbidden');
    expect(await set(own)).toBe('in');
  });

  test('writes no logs, task runs or artifacts of another pool’s runs, and does not serve its deployments', async () => {
    const { others, agent } = await twoPools();
    const [id = ''] = await createRuns(admin, others.deployment.id, 1);
    const line = { name: 'l', level: 20, message: 'm', timestamp: new Date().toISOString() };
    const taskRun = await admin.createTaskRun({
      body: { flow_run_id: id, task_key: 'k', dynamic_key: '0' },
    });
    const refusedAll = [
      agent.writeLogs({ body: [{ ...line, flow_run_id: id }] }),
      agent.createTaskRun({ body: { flow_run_id: id, task_key: 'k', dynamic_key: '1' } }),
      agent.setTaskRunState({ id: taskRun.id, body: forced('COMPLETED') }),
      agent.createArtifact({ body: { key: 'a', type: 'text', flow_run_id: id } }),
      agent.pollDeployments({ body: { deployment_ids: [others.deployment.id] } }),
    ];
    const codes = await Promise.all(refusedAll.map(codeOf));
    expect(codes).toEqual(refusedAll.map(() => 'pool_forbidden'));
  });

  test('begins no run of another pool as held, so that its slots are its own', async () => {
    const { others, agent } = await twoPools();
    const { id } = others.deployment;
    for (const type of ['PENDING', 'RUNNING', 'COMPLETED'] as const) {
      const one = agent.createFlowRunFromDeployment({ id, body: { state: { type } } });
      expect(await codeOf(one)).toBe('pool_forbidden');
      const bulk = agent.createFlowRunsFromDeployment({ id, body: [{ state: { type } }] });
      expect(await codeOf(bulk)).toBe('pool_forbidden');
    }
    const body = { state: { type: 'SCHEDULED' as const } };
    expect(await codeOf(agent.createFlowRunFromDeployment({ id, body }))).toBe('in');
  });

  test('takes no idempotency key of a flow that another pool executes, too', async () => {
    const { mine, others, agent } = await twoPools();
    const flow_id = others.flow.id;
    const wish = { idempotency_key: 'k' };
    const completed = { ...wish, state: { type: 'COMPLETED' as const } };
    const takeIt = [
      agent.createFlowRun({ body: { flow_id, ...completed } }),
      agent.createFlowRunFromDeployment({ id: others.deployment.id, body: wish }),
      agent.createFlowRunsFromDeployment({ id: others.deployment.id, body: [{}, wish] }),
    ];
    expect(await Promise.all(takeIt.map(codeOf))).toEqual(takeIt.map(() => 'pool_forbidden'));
    const own = { id: mine.deployment.id, body: wish };
    expect(await codeOf(agent.createFlowRunFromDeployment(own))).toBe('in');
    // The same flow is deployed to the other pool, too: from now on its keys are not this key's alone.
    await admin.createDeployment({
      body: { name: 'b', flow_id: mine.flow.id, work_pool_name: others.pool },
    });
    expect(await codeOf(agent.createFlowRunFromDeployment(own))).toBe('pool_forbidden');
  });

  test('changes no run that came again in another pool', async () => {
    const { others, agent } = await twoPools();
    const byHand = { flow_id: others.flow.id, idempotency_key: 'k' };
    const { id } = await admin.createFlowRun({ body: byHand });
    expect(await codeOf(agent.updateFlowRun({ id, body: { name: 'mine' } }))).toBe('in');
    await admin.deleteFlowRun({ id });
    const body = { idempotency_key: 'k' };
    const again = await admin.createFlowRunFromDeployment({ id: others.deployment.id, body });
    expect(again.id).toBe(id);
    expect(await codeOf(agent.setState({ id, body: forced('CANCELLED') }))).toBe('pool_forbidden');
  });

  test('leaves alone what lies beside the task runs of another pool', async () => {
    const { others, agent } = await twoPools();
    const [flow_run_id = ''] = await createRuns(admin, others.deployment.id, 1);
    const { id: task_run_id } = await admin.createTaskRun({
      body: { flow_run_id, task_key: 'k', dynamic_key: '0' },
    });
    const { id } = await admin.createArtifact({ body: { key: 'a', type: 'text', task_run_id } });
    const line = { name: 'l', level: 20, message: 'm', timestamp: new Date().toISOString() };
    const parent_task_run_id = task_run_id;
    const refusedAll = [
      agent.writeLogs({ body: [line, { ...line, task_run_id }] }),
      agent.createArtifact({ body: { key: 'a', type: 'text', task_run_id } }),
      agent.updateArtifact({ id, body: { description: 'mine' } }),
      agent.createFlowRun({ body: { flow_id: others.flow.id, parent_task_run_id } }),
      agent.createFlowRunFromDeployment({ id: others.deployment.id, body: { parent_task_run_id } }),
    ];
    const codes = await Promise.all(refusedAll.map(codeOf));
    expect(codes).toEqual(refusedAll.map(() => 'pool_forbidden'));
  });
});
