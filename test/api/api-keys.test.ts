import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiError, type Client, createClient } from '../../client/index.ts';
import { revokeApiKey } from '../../core/api-keys.ts';
import { DAY } from '../../core/instant.ts';
import { movableClock } from '../support/clock.ts';
import { freshTable } from '../support/dynamodb.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

let stack: TestStack;
let admin: Client;
let adminId: string;
const clock = movableClock();
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const basic = (text: string) => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});
const as = (headers: Record<string, string>) => createClient({ url: stack.url, headers });

beforeEach(async () => {
  stack = await startTestStack({ asksForKeys: true, context: { now: clock.now } });
  const { id, key } = await stack.client.createApiKey({ body: { name: 'first', role: 'admin' } });
  adminId = id;
  admin = as(bearer(key));
});
afterEach(() => stack.stop());

const create = (body: Parameters<Client['createApiKey']>[0]['body']) =>
  admin.createApiKey({ body });
const refused = (code: string) => expect.objectContaining({ code });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'in',
    (error) => (error instanceof ApiError ? error.code : error),
  );

describe('API keys', () => {
  test('PREFECT_API_KEY and PREFECT_API_AUTH_STRING, with a name or without, all get in', async () => {
    const { key } = await create({ name: 'v', role: 'view' });
    for (const headers of [bearer(key), basic(key), basic(`admin:${key}`)]) {
      expect(await codeOf(as(headers).filterFlows({ body: {} }))).toBe('in');
    }
    for (const headers of [bearer(`${key}x`), basic(`${key}:`), { authorization: key }]) {
      expect(await codeOf(as(headers).filterFlows({ body: {} }))).toBe('api_key_refused');
    }
  });

  test('the table holds the hash and not the key; the list holds neither', async () => {
    const { key, ...shown } = await create({ name: 'v', role: 'view' });
    const stored = JSON.stringify(await stack.context.store.listApiKeys());
    expect(stored).toContain(stack.context.sha256(key));
    expect(stored).not.toContain(key.slice(-22));
    expect(await admin.filterApiKeys({ body: {} })).toContainEqual(shown);
  });

  test('the first key is an admin’s', async () => {
    const other = await startTestStack({ asksForKeys: true });
    const made = other.client.createApiKey({ body: { name: 'a', role: 'agent' } });
    await expect(made).rejects.toEqual(refused('first_key_is_admin'));
    await other.stop();
  });

  test('the last valid admin key is not revoked; with another one beside it is, at once', async () => {
    await expect(admin.revokeApiKey({ id: adminId })).rejects.toEqual(refused('last_admin_key'));
    const { key } = await create({ name: 'second', role: 'admin' });
    await admin.revokeApiKey({ id: adminId });
    expect(await codeOf(admin.filterFlows({ body: {} }))).toBe('api_key_refused');
    const [first] = await as(bearer(key)).filterApiKeys({ body: {} });
    expect(first?.revoked).not.toBeNull();
    const unknown = as(bearer(key)).revokeApiKey({ id: '00000000-0000-4000-8000-000000000000' });
    await expect(unknown).rejects.toEqual(refused('api_key_not_found'));
  });

  test('of admin keys that revoke each other at once one stays', async () => {
    const { store } = stack.context;
    // Both have read, before either writes, that the other one is valid.
    const { promise: bothRead, resolve: goOn } = Promise.withResolvers<void>();
    let readers = 0;
    const context = {
      ...stack.context,
      store: {
        ...store,
        listApiKeys: async () => {
          const keys = await store.listApiKeys();
          readers += 1;
          if (readers === 2) goOn();
          await bothRead;
          return keys;
        },
      },
    };
    const { id: secondId } = await create({ name: 'second', role: 'admin' });
    const ends = await Promise.allSettled(
      [adminId, secondId].map((id) => revokeApiKey(context, id)),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refusal = ends.find((end) => end.status === 'rejected');
    expect(refusal?.reason).toMatchObject({ code: 'last_admin_key' });
    const left = (await store.listApiKeys()).filter(({ revokedAt }) => revokedAt === null);
    expect(left).toHaveLength(1);
  });

  test('a key expires; the day of its last use is told', async () => {
    const {
      id,
      key,
      last_used_on: unused,
    } = await create({
      name: 'v',
      role: 'view',
      valid_for_seconds: 2 * 86_400,
    });
    expect(unused).toBeNull();
    const used = async () => (await stack.context.store.readApiKey(id))?.lastUsedOn;
    const today = new Date(clock.now() / 1000).toISOString().slice(0, 10);
    await as(bearer(key)).filterFlows({ body: {} });
    expect(await used()).toBe(today);
    clock.jump(DAY);
    await as(bearer(key)).filterFlows({ body: {} });
    expect(await used()).not.toBe(today);
    clock.jump(DAY);
    expect(await codeOf(as(bearer(key)).filterFlows({ body: {} }))).toBe('api_key_refused');
  });

  test('a key for one pool claims there alone, and changes no run of another', async () => {
    const mine = await createWork(admin);
    const others = await createWork(admin);
    const { key } = await create({ name: 'a', role: 'agent', pools: [mine.pool] });
    const agent = as(bearer(key));
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

  describe('a key for one pool', () => {
    async function twoPools() {
      const mine = await createWork(admin);
      const others = await createWork(admin);
      const { key } = await create({ name: 'a', role: 'agent', pools: [mine.pool] });
      return { mine, others, agent: as(bearer(key)) };
    }
    const forced = (type: 'COMPLETED' | 'CANCELLED') => ({ state: { type }, force: true });

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
  });

  test('secrets in blocks are shown to who executes, and to nobody who only looks', async () => {
    const type = await admin.createBlockType({ body: { name: 'Secret', slug: 'secret' } });
    const secret_fields = ['v', 'items.token'];
    const fields = { type: 'object', properties: { v: { type: 'string' } }, secret_fields };
    const schema = await admin.createBlockSchema({
      body: { block_type_id: type.id, fields, capabilities: [] },
    });
    const { id } = await admin.createBlockDocument({
      body: {
        name: 's',
        data: { v: 'x', items: [{ token: 'x' }] },
        block_type_id: type.id,
        block_schema_id: schema.id,
      },
    });
    for (const [role, shown] of [
      ['agent', { v: 'x', items: [{ token: 'x' }] }],
      ['view', { v: '********', items: '********' }],
    ] as const) {
      const { key } = await create({ name: role, role });
      const asked = { id, query: { include_secrets: 'true' } } as const;
      expect((await as(bearer(key)).readBlockDocument(asked)).data).toEqual(shown);
      const body = { include_secrets: true };
      const [listed] = await as(bearer(key)).filterBlockDocuments({ body });
      expect(listed?.data).toEqual(shown);
    }
  });

  test.each([
    [{ name: 'x', role: 'boss' }, 'role'],
    [{ name: 'x', role: 'view', pools: ['p'] }, 'pools'],
    [{ name: 'x', role: 'agent', pools: [] }, 'pools'],
    [{ name: '', role: 'view' }, 'name'],
    [{ name: 'x', role: 'view', valid_for_seconds: 0 }, 'valid_for_seconds'],
  ])('bad wishes are refused: %j', async (body, at) => {
    const made = create(body as Parameters<typeof create>[0]);
    await expect(made).rejects.toMatchObject({
      status: 422,
      body: { hint: expect.stringContaining(at) },
    });
  });

  test('who comes late to a table that has keys is asked for one', async () => {
    const table = await freshTable();
    const open = await startTestStack({ asksForKeys: true, table, context: { now: clock.now } });
    expect(await codeOf(open.client.filterFlows({ body: {} }))).toBe('in');
    await open.client.createApiKey({ body: { name: 'first', role: 'admin' } });
    clock.jump(2_000_000);
    expect(await codeOf(open.client.filterFlows({ body: {} }))).toBe('api_key_missing');
    await open.stop();
  });
});
