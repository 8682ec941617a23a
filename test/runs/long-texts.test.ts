import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NUMBERS } from '../../model/values/numbers.ts';
import { request, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** Texts that flows and clients make while they run. None is refused for its size. */
let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
const { get, post, patch } = requestsTo(() => stack);

beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const propose = (id: string, state: object) => post(`/flow_runs/${id}/set_state`, { state });
async function begun({ deployment } = work): Promise<string> {
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  for (const type of ['PENDING', 'RUNNING']) expect((await propose(id, { type })).status).toBe(201);
  return id;
}
const logged = async (id: string): Promise<string> => {
  const logs = { flow_run_id: { any_: [id] } };
  const { body } = await post('/logs/filter', { logs });
  return (body as Array<{ message: string }>).map(({ message }) => message).join('\n');
};
const found = async (flow_runs: object): Promise<string[]> =>
  ((await post('/flow_runs/filter', { flow_runs })).body as Array<{ id: string }>).map(
    ({ id }) => id,
  );

test.each([
  ['100,001 characters', 100_001],
  ['more than fit one item', 700_000],
  ['three million', 3_000_000],
])('a run FAILED with a message of %s: its slot is free, and the message is kept', async (_, n) => {
  const limited = await createWork(stack.client, { poolLimit: 1 });
  const id = await begun(limited);
  const message = `SELECT ${'é"\n'.repeat(n / 3)} end`;
  const answer = await propose(id, { type: 'FAILED', message });
  expect(answer.status).toBe(201);
  expect(answer.body.state.message.length).toBeLessThan(NUMBERS.messageShown + 200);
  expect(answer.body.state.message).toContain(
    `[cut: the whole message has ${Buffer.byteLength(message)} bytes.`,
  );
  const listed = await post('/flow_runs/filter', { flow_runs: { id: { any_: [id] } } });
  expect(listed.body[0].state.message).toEqual(answer.body.state.message);
  const one = (await get(`/flow_runs/${id}`)).body;
  expect(one.state_type).toBe('FAILED');
  if (n < 300_000) expect(one.state.message).toBe(message);
  else
    expect(one.state.message).toMatch(/… \[cut: more than this does not fit into one response.\]$/);
  const whole = (await get(`/flow_run_states/${one.state_id}`)).body.message;
  if (n < 1_000_000) expect(whole).toBe(message);
  await begun(limited);
});

test('the name of a state is cut, and its message has the whole name', async () => {
  const id = await begun();
  const name = `Waiting for ${'x'.repeat(300)}`;
  const { body } = await propose(id, { type: 'FAILED', name, message: 'why' });
  expect(body.state.name).toHaveLength(NUMBERS.stateName);
  expect(body.state.name).toMatch(/^Waiting for x+… \[cut, [0-9a-f]{16}\]$/);
  expect(body.state.message).toBe(`why\n[The name of this state was cut. It is: ${name}]`);
  expect(await found({ state: { name: { any_: [name] } } })).toEqual([id]);
  expect(await found({ state: { name: { any_: [`${name}y`] } } })).toEqual([]);
});

test.each([
  ['when it is created', 'create'],
  ['when it is changed', 'change'],
])(
  'a long name, tag and version of a run are cut %s, and its logs have them whole',
  async (_, how) => {
    const unique = randomUUID();
    const long = (n: number) => `${unique} ${'x'.repeat(n)}`;
    const texts = { name: long(1_000), tags: [long(250), `${long(250)}y`] };
    let id: string;
    if (how === 'create') {
      const flow_id = work.deployment.flow_id;
      const created = await post('/flow_runs/', { flow_id, flow_version: long(1_001), ...texts });
      expect(created.status).toBe(201);
      id = created.body.id;
    } else {
      [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
      const changed = await patch(`/flow_runs/${id}`, { flow_version: long(1_001), ...texts });
      expect(changed.status).toBe(204);
    }
    const { body: run } = await get(`/flow_runs/${id}`);
    expect(run.name).toHaveLength(NUMBERS.shortText);
    expect(run.flow_version).toHaveLength(NUMBERS.shortText);
    expect(run.tags.map((tag: string) => tag.length)).toEqual([NUMBERS.tag, NUMBERS.tag]);
    for (const whole of [texts.name, ...texts.tags, long(1_001)]) {
      expect(await logged(id)).toContain(whole);
    }
    expect(await found({ name: { any_: [texts.name] } })).toEqual([id]);
    expect(await found({ tags: { all_: texts.tags } })).toEqual([id]);
    expect(await found({ tags: { any_: [long(251)] } })).toEqual([]);
    expect(await found({ flow_version: { any_: [long(1_001)] } })).toEqual([id]);
  },
);

test('long idempotency keys that begin alike make two runs, each of them once', async () => {
  const key = 'k'.repeat(1_500);
  const create = async (idempotency_key: string) =>
    (await post(`/deployments/${work.deployment.id}/create_flow_run`, { idempotency_key })).body;
  const first = await create(key);
  expect(first.idempotency_key).toHaveLength(NUMBERS.shortText);
  expect((await create(key)).id).toBe(first.id);
  expect((await create(`${key}!`)).id).not.toBe(first.id);
  expect(await found({ idempotency_key: { any_: [key] } })).toEqual([first.id]);
});

test('a task run takes long texts, and its long keys identify it as short ones do', async () => {
  const flow_run_id = await begun();
  const long = 'x'.repeat(3_000);
  const create = async (dynamic_key: string) =>
    (
      await post('/task_runs/', {
        flow_run_id,
        task_key: long,
        dynamic_key,
        name: long,
        task_version: long,
        cache_key: long,
        tags: [long],
        state: { type: 'FAILED', name: long, message: 'm'.repeat(150_000) },
      })
    ).body;
  const made = await create(long);
  expect(made.name).toHaveLength(NUMBERS.shortText);
  expect(made.state.message.length).toBeLessThan(NUMBERS.messageShown + 200);
  const read = (await get(`/task_runs/${made.id}`)).body;
  expect(read.state.message).toHaveLength(
    150_000 + '\n[The name of this state was cut. It is: ]'.length + 3_000,
  );
  expect((await create(long)).id).toBe(made.id);
  expect((await create(`${long}!`)).id).not.toBe(made.id);
  expect(await logged(flow_run_id)).toContain(`dynamic key: ${long}`);
  const state = { type: 'COMPLETED', name: long, message: 'm'.repeat(200_000) };
  expect((await post(`/task_runs/${made.id}/set_state`, { state })).status).toBe(201);
  expect((await patch(`/task_runs/${made.id}`, { name: `${long}2` })).status).toBe(204);
});

test('a deployment takes a long version, description and tag', async () => {
  const { flow_id, name } = work.deployment;
  const body = {
    flow_id,
    name,
    version: 'v'.repeat(1_200),
    description: 'd'.repeat(30_000),
    tags: ['t'.repeat(260)],
  };
  const { status, body: made } = await request(stack, 'POST', '/deployments/', body);
  expect(status).toBeLessThan(300);
  expect(made.version).toMatch(/^v+… \[cut, [0-9a-f]{16}\]$/);
  expect(made.description).toHaveLength(NUMBERS.longText);
  expect(made.tags[0]).toHaveLength(NUMBERS.tag);
});
