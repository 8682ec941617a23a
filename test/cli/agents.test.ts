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

const agent = (...args: string[]) => dibs(stack.url, ['agent', ...args]);
const drainOf = async (pool: string, session: string) =>
  (await stack.client.readWorkers({ name: pool })).find(({ id }) => id === session)?.draining;

/** A pool with an agent that holds one run, a Prefect worker, and an agent that has ended. */
async function crew() {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 2);
  const [busy, gone] = [await openSession(client, pool), await openSession(client, pool)];
  await claimRuns(client, pool, busy);
  await client.workerHeartbeat({ name: pool, body: { name: 'prefect-1' } });
  await client.heartbeat({
    name: pool,
    session_id: gone.session,
    body: { worker_name: gone.worker, capacity: 100, runs: [], ended: true },
  });
  const workers = await client.readWorkers({ name: pool });
  const worker = workers.find(({ kind }) => kind === 'worker')?.id ?? '';
  return { pool, busy, gone, worker };
}

test('agent ls lists who lives in a pool; --all those that ended, too', async () => {
  const { pool, busy, gone, worker } = await crew();
  const rows = (out: string) => out.split('\n').map((line) => line.split(/ {2,}/));
  const ago = expect.stringMatching(/^\d+ s ago$/);
  const { code, out, err } = await agent('ls', '--pool', pool);
  expect([code, err]).toEqual([0, '']);
  const [header, ...listed] = rows(out);
  expect(header).toEqual(['NAME', 'SESSION', 'KIND', 'STATUS', 'HOLDS', 'HEARTBEAT', 'HOST']);
  expect(listed).toHaveLength(3);
  expect(listed).toContainEqual([
    busy.worker,
    busy.session,
    'agent',
    'ONLINE',
    '1 of 100',
    ago,
    '-',
  ]);
  expect(listed).toContainEqual(['prefect-1', worker, 'worker', 'ONLINE', '0', ago, '-']);
  expect(listed).toContainEqual(['1 session ended within the last day (--all lists them).']);

  const all = rows((await agent('ls', '-p', pool, '--all')).out);
  expect(all).toContainEqual([gone.worker, gone.session, 'agent', 'ENDED', '0 of 100', ago, '-']);
  expect(all).toHaveLength(4);
  const json = await agent('ls', '-p', pool, '--all', '--json');
  expect(JSON.parse(json.out)).toEqual(await stack.client.readWorkers({ name: pool }));
});

test('agent ls of a pool without agents says so', async () => {
  const { pool } = await createWork(stack.client);
  expect(await agent('ls', '--pool', pool)).toEqual({
    code: 0,
    out: `There are no agents in ${pool}.`,
    err: '',
  });
});

test('agent drain finds an agent by its name, and --undo lets it claim again', async () => {
  const { client } = stack;
  const { pool, busy } = await crew();
  const who = `${busy.worker} (${busy.session})`;
  expect(await agent('drain', busy.worker, '--pool', pool)).toEqual({
    code: 0,
    out: `${who} claims no more runs; it finishes the 1 run that it holds.`,
    err: '',
  });
  expect(await drainOf(pool, busy.session)).toMatchObject({ by: ME });
  expect((await claimRuns(client, pool, busy)).runs).toEqual([]);
  expect((await agent('ls', '--pool', pool)).out).toContain(`ONLINE, drained by ${ME}`);

  expect(await agent('drain', busy.worker, '--pool', pool, '--undo')).toMatchObject({
    code: 0,
    out: `${who} may claim runs again.`,
  });
  expect((await claimRuns(client, pool, busy)).runs).toHaveLength(1);
});

test('agent drain finds a worker by its session id, or by the beginning of it', async () => {
  const { pool, worker } = await crew();
  const drained = await agent(
    'drain',
    worker.slice(0, 13).toUpperCase(),
    '-p',
    pool,
    '--by',
    'ann',
  );
  expect(drained.out).toBe(`prefect-1 (${worker}) claims no more runs; it holds no runs.`);
  const { out } = await agent('drain', worker, '-p', pool, '--by', 'bob', '--json');
  expect(JSON.parse(out)).toMatchObject({ id: worker, draining: { by: 'bob' } });
});

test('agent drain of who is not there, or has ended, says who is', async () => {
  const { pool, busy, gone, worker } = await crew();
  for (const wanted of [gone.worker, busy.worker.slice(0, -1), worker.slice(0, 7), randomUUID()]) {
    const { code, out, err } = await agent('drain', wanted, '--pool', pool);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(
      `No live agent matches "${wanted}" in work pool "${pool}". Choose one of: `,
    );
    expect(err).toContain(`prefect-1 (${worker})`);
    expect(err).toContain(`${busy.worker} (${busy.session})`);
    expect(err).not.toContain(gone.session);
  }
  const empty = await createWork(stack.client);
  const { err } = await agent('drain', 'w', '--pool', empty.pool);
  expect(err).toBe(
    `No live agent matches "w" in work pool "${empty.pool}". The pool has no live agents.`,
  );
});

test('agent drain drains nobody where several fit, and says who does', async () => {
  const { client } = stack;
  const { pool } = await createWork(client);
  const start = randomUUID().slice(0, 24);
  const sessions = ['a', 'b'].map((name) => [name, `${start}${name.repeat(12)}`] as const);
  for (const [name, session_id] of sessions) {
    const body = { worker_name: name, started: true as const, capacity: 1, runs: [] };
    await client.heartbeat({ name: pool, session_id, body });
  }
  const { code, err } = await agent('drain', start, '--pool', pool);
  expect(code).toBe(1);
  expect(err).toMatch(
    `Several live agents match "${start}" in work pool "${pool}". Choose one of: `,
  );
  for (const [name, session] of sessions) {
    expect(err).toContain(`${name} (${session})`);
    expect(await drainOf(pool, session)).toBeNull();
  }
});
