import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decidedTransition } from '../../core/states/transition.ts';
import type { Store } from '../../model/store.ts';
import { SECOND } from '../../model/values/instant.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';
import { dibs, ME } from './cli-process.ts';

/** The id of the deployment whose runs fail again as soon as they are retried. */
let failing: string | undefined;
const failsAgain = (store: Store): Store => ({
  ...store,
  transition: async (to, guard) => {
    const written = await store.transition(to, guard);
    const run = await store.readRun(to.runId);
    if (run && to.state.name === 'AwaitingRetry' && run.deploymentId === failing) {
      // An agent would need some time for this.
      const at = to.state.at + SECOND;
      const state = { id: randomUUID(), type: 'FAILED', name: 'Failed', at } as const;
      const failed = decidedTransition(run, state, { kind: 'keep' });
      await store.transition(failed, { kind: 'decided', run });
    }
    return written;
  },
});

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ wrapStore: failsAgain });
});
afterAll(() => stack.stop());

const run = (...args: string[]) => dibs(stack.url, ['run', ...args]);
const read = (id: string) => stack.client.readFlowRun({ id });

type Ending = 'FAILED' | 'CRASHED' | 'COMPLETED' | 'CANCELLED';

async function endedRuns(deploymentId: string, ...types: Ending[]) {
  const runs = types.map((type) =>
    stack.client.createFlowRunFromDeployment({ id: deploymentId, body: { state: { type } } }),
  );
  return Promise.all(runs);
}

test('run retry puts the failures of a pool back, and says of each one what was done', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const other = await createWork(stack.client);
  const [failed, crashed] = await endedRuns(deployment.id, 'FAILED', 'CRASHED', 'COMPLETED');
  const [elsewhere] = await endedRuns(other.deployment.id, 'FAILED');
  if (!failed || !crashed || !elsewhere) throw new Error('three were made');

  const { code, out, err } = await run('retry', '--pool', pool, '--note', 'disk full');
  expect([code, err]).toEqual([0, '']);
  const lines = out.split('\n');
  expect(lines.slice(0, -1).sort()).toEqual(
    [failed, crashed].map(({ id, name }) => `retried ${id} ${name}: AwaitingRetry`).sort(),
  );
  expect(lines.at(-1)).toBe('Retried 2 runs, skipped 0.');
  expect((await read(failed.id)).state?.message).toBe(`Retried by ${ME}: disk full`);
  expect((await read(elsewhere.id)).state_type).toBe('FAILED');
});

test('of runs asked for by id those that are skipped are named with the reason: exit code 1', async () => {
  const { deployment } = await createWork(stack.client);
  const [failed, completed] = await endedRuns(deployment.id, 'FAILED', 'COMPLETED');
  if (!failed || !completed) throw new Error('two were made');
  const unknown = randomUUID();
  const { code, out } = await run('retry', failed.id, completed.id, unknown, '--by', 'ann');
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    `retried ${failed.id} ${failed.name}: AwaitingRetry`,
    expect.stringMatching(`^skipped ${completed.id} ${completed.name}: It is Completed: .+\\.$`),
    `skipped ${unknown}: There is no such run, or the options exclude it.`,
    'Retried 1 run, skipped 2.',
  ]);
  expect((await read(failed.id)).state?.message).toBe('Retried by ann.');
});

test('--json prints one document with what was changed and what was skipped', async () => {
  const { deployment } = await createWork(stack.client);
  const [failed, completed] = await endedRuns(deployment.id, 'FAILED', 'COMPLETED');
  const { code, out } = await run('retry', failed?.id ?? '', completed?.id ?? '', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    changed: [{ id: failed?.id, name: failed?.name, state_name: 'AwaitingRetry' }],
    skipped: [{ id: completed?.id, name: completed?.name, reason: expect.any(String) }],
    more: false,
  });
});

test('--state, --since and --deployment choose together; a dry run changes nothing', async () => {
  const { flow, pool, deployment } = await createWork(stack.client);
  const second = await stack.client.createDeployment({
    body: { name: 'second', flow_id: flow.id, work_pool_name: pool },
  });
  const [failed] = await endedRuns(deployment.id, 'FAILED', 'CRASHED');
  await endedRuns(second.id, 'FAILED');
  const chosen = async (...args: string[]) => {
    const { code, out } = await run('retry', '--dry-run', '--json', ...args);
    expect(code).toBe(0);
    return (JSON.parse(out) as { changed: { id: string }[] }).changed.length;
  };
  expect(await chosen('--pool', pool)).toBe(3);
  expect(await chosen('--pool', pool, '--state', 'failed')).toBe(2);
  expect(await chosen('--pool', pool, '--state', 'FAILED', 'CRASHED')).toBe(3);
  expect(await chosen('--deployment', deployment.id, '--state', 'FAILED', '--since', '1h')).toBe(1);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  expect(await chosen('--pool', pool, '--since', later)).toBe(0);

  const { out } = await run(
    'retry',
    '--dry-run',
    '--deployment',
    deployment.id,
    '--state',
    'FAILED',
  );
  expect(out).toBe(
    `would retry ${failed?.id} ${failed?.name}: Failed\n` +
      'Would retry 1 run, skipped 0. Nothing was changed.',
  );
  expect((await read(failed?.id ?? '')).state_type).toBe('FAILED');
});

test('run cancel cancels what waits, and asks agents to stop what they hold', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [held = ''] = await createRuns(client, deployment.id, 1);
  await claimRuns(client, pool, await openSession(client, pool), { start: true });
  const [waiting = ''] = await createRuns(client, deployment.id, 1);
  const { code, out } = await run('cancel', '--pool', pool);
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines.slice(0, -1).sort()).toEqual(
    [
      `cancelled ${held} ${(await read(held)).name}: Cancelling`,
      `cancelled ${waiting} ${(await read(waiting)).name}: Cancelled`,
    ].sort(),
  );
  expect(lines.at(-1)).toBe(
    'Cancelled 2 runs, skipped 0. Agents hold 1 run of them and were asked to stop.',
  );
  for (const id of [held, waiting]) {
    expect((await read(id)).state?.message).toBe(`Cancelled by ${ME}.`);
  }
  expect(await run('cancel', waiting)).toMatchObject({
    code: 1,
    out: expect.stringContaining('It is Cancelled: it has ended.'),
  });
});

test('more runs than one call takes are all changed, by filter and by id', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const ids = await createRuns(stack.client, deployment.id, 203);
  const dry = await run('cancel', '--pool', pool, '--dry-run');
  expect(dry.out.split('\n').at(-1)).toBe(
    'Would cancel 200 runs, skipped 0. Nothing was changed. ' +
      'More runs match; these are the first 200.',
  );
  const cancelled = await run('cancel', '--pool', pool);
  expect(cancelled.out.split('\n').at(-1)).toBe('Cancelled 203 runs, skipped 0.');
  const retried = await run('retry', ...ids);
  expect(retried.code).toBe(0);
  expect(retried.out.split('\n').at(-1)).toBe('Retried 203 runs, skipped 0.');
});

test('runs that fail again at once are retried once, and do not keep others from it', async () => {
  const { pool, deployment } = await createWork(stack.client);
  await endedRuns(deployment.id, ...Array<Ending>(203).fill('FAILED'));
  failing = deployment.id;
  const { code, out } = await run('retry', '--pool', pool);
  failing = undefined;
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines.at(-1)).toBe('Retried 203 runs, skipped 0.');
  expect(new Set(lines).size).toBe(204);
});

test('where the first runs cannot be changed it ends, and says that there are more: exit code 1', async () => {
  const { pool, deployment } = await createWork(stack.client);
  await endedRuns(deployment.id, ...Array<Ending>(201).fill('COMPLETED'));
  const { code, out } = await run('retry', '--pool', pool, '--state', 'COMPLETED');
  expect(code).toBe(1);
  expect(out.split('\n').at(-1)).toBe(
    'Retried 0 runs, skipped 200. More runs match, but runs that cannot be changed come ' +
      'first: narrow the choice, or give ids.',
  );
});

test('a pool or deployment that is not there is an error, not an empty choice', async () => {
  const { pool } = await createWork(stack.client);
  const noPool = await run('retry', '--pool', 'nope');
  expect(noPool).toMatchObject({ code: 1, out: '' });
  expect(noPool.err).toMatch(/^Work pool "nope" not found\. The pools are: .*\.$/);
  expect(noPool.err).toContain(pool);
  const noDeployment = await run('cancel', '--deployment', randomUUID());
  expect(noDeployment).toMatchObject({ code: 1, out: '' });
  expect(noDeployment.err).toMatch(/^Deployment not found\. /);
});
