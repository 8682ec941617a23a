import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';
import { dibs, ME } from './cli-process.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const pool = (...args: string[]) => dibs(stack.url, ['pool', ...args]);
const read = (name: string) => stack.client.readWorkPool({ name });

test('pool create takes the job template of its type, so that workers need not change the pool', async () => {
  await pool('create', 'local');
  await pool('create', 'elsewhere', '--type', 'ecs');
  const types = await stack.client.readCollectionView({ view: 'aggregate-worker-metadata' });
  const template = types['prefect']?.['process'] as { default_base_job_configuration: object };
  expect(await read('local')).toMatchObject({
    type: 'process',
    base_job_template: template.default_base_job_configuration,
  });
  expect((await read('elsewhere')).base_job_template).toEqual({});
  const again = await pool('create', 'local');
  expect(again.out).toBe('Work pool local of type process already exists; nothing was changed.');
});

test('pool pause and resume change one pool; --json prints it', async () => {
  const { pool: name } = await createWork(stack.client);
  expect(await pool('pause', name)).toEqual({ code: 0, out: `Paused ${name}.`, err: '' });
  expect(await read(name)).toMatchObject({ is_paused: true, paused_by: null });
  expect(await pool('resume', name)).toEqual({ code: 0, out: `Resumed ${name}.`, err: '' });
  expect((await read(name)).is_paused).toBe(false);
  const { out } = await pool('pause', name, '--json');
  expect(JSON.parse(out)).toEqual(await read(name));
  expect(JSON.parse((await pool('resume', name, '--json')).out)).toEqual(await read(name));
});

test('pool pause --all and resume --all leave a pool alone that was paused by its name', async () => {
  const own = await startTestStack();
  const all = (...args: string[]) => dibs(own.url, ['pool', ...args, '--all']);
  try {
    expect((await all('pause')).out).toBe('There are no pools left to pause.');
    for (const name of ['a', 'b', 'c']) await own.client.createWorkPool({ body: { name } });
    await dibs(own.url, ['pool', 'pause', 'b']);
    expect(await all('pause')).toEqual({ code: 0, out: 'Paused 2 pools: a, c.', err: '' });
    expect((await own.client.readWorkPool({ name: 'a' })).paused_by).toMatchObject({ by: ME });
    expect(await all('resume')).toEqual({ code: 0, out: 'Resumed 2 pools: a, c.', err: '' });
    expect((await own.client.readWorkPool({ name: 'b' })).is_paused).toBe(true);
    expect((await all('resume')).out).toBe(
      'No pool was paused by `dibs pool pause --all`. Resume other pools by name.',
    );
    expect(JSON.parse((await all('pause', '--by', 'ann', '--json')).out)).toEqual({
      pools: ['a', 'c'],
    });
    expect((await own.client.readWorkPool({ name: 'c' })).paused_by).toMatchObject({ by: 'ann' });
    expect(JSON.parse((await all('resume', '--json')).out)).toEqual({ pools: ['a', 'c'] });
  } finally {
    await own.stop();
  }
});

test('pool slots, its --queue, and deployment slots tell who holds what of a limit', async () => {
  const { client } = stack;
  const name = `pool-${randomUUID().slice(0, 8)}`;
  await client.createWorkPool({ body: { name, type: 'process', concurrency_limit: 5 } });
  await client.createWorkQueue({ name, body: { name: 'narrow', concurrency_limit: 1 } });
  const flow = await client.createFlow({ body: { name } });
  const deployment = await client.createDeployment({
    body: {
      name: 'd',
      flow_id: flow.id,
      work_pool_name: name,
      work_queue_name: 'narrow',
      concurrency_limit: 2,
    },
  });
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const { session } = await openSession(client, name);
  await claimRuns(client, name, { session, worker: 'w' });

  const header = ['SLOT', 'RUN', 'ATTEMPT', 'SESSION', 'TAKEN'];
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const slots = [header, [expect.stringMatching(/^\d$/), id, '1', session, time]];
  const cases = [
    [['pool', 'slots', name], `Pool ${name}: 1 of 5 slots held.`],
    [['pool', 'slots', name, '--queue', 'narrow'], `Queue ${name}/narrow: 1 of 1 slot held.`],
    [['deployment', 'slots', deployment.id], `Deployment ${deployment.id}: 1 of 2 slots held.`],
  ] as const;
  for (const [args, total] of cases) {
    const { code, out, err } = await dibs(stack.url, args);
    expect([code, err]).toEqual([0, '']);
    const [first, ...rows] = out.split('\n');
    expect(first).toBe(total);
    expect(rows.map((line) => line.split(/ {2,}/))).toEqual(slots);
  }
  const { out } = await pool('slots', name, '--json');
  expect(JSON.parse(out)).toEqual(await client.readWorkPoolSlots({ name }));
  expect((await pool('slots', name, '--queue', 'default')).out).toBe(
    `Queue ${name}/default has no concurrency limit.`,
  );
});

test('what is not there is an error that says what there is, or where to look', async () => {
  const { pool: name } = await createWork(stack.client);
  for (const verb of ['pause', 'resume', 'slots']) {
    const { code, out, err } = await pool(verb, 'nope');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^Work pool "nope" not found\. The pools are: .*\.$/);
    expect(err).toContain(name);
  }
  const queue = await pool('slots', name, '--queue', 'nope');
  expect(queue).toMatchObject({ code: 1, out: '' });
  expect(queue.err).toMatch(`Work pool queue '${name}/nope' not found.`);
  const deployment = await dibs(stack.url, ['deployment', 'slots', randomUUID()]);
  expect(deployment).toMatchObject({ code: 1, out: '' });
  expect(deployment.err).toMatch(/^Deployment not found\. /);
});
