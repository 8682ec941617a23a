import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';
import { dibs, ME } from './cli-process.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const run = (...args: string[]) => dibs(stack.url, ['run', ...args]);
const messageOf = async (id: string) =>
  (await stack.client.readFlowRun({ id })).state?.message ?? null;

async function heldRun() {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const agent = await openSession(client, pool);
  const claim = async () => {
    const [claimed] = (await claimRuns(client, pool, agent, { start: true })).runs;
    if (!claimed) throw new Error('nothing was claimed');
    return claimed;
  };
  return { id, pool, agent, claim, claimed: await claim() };
}

test('run release puts a run back, and says in its history who did it, and why', async () => {
  const { id, pool, claimed } = await heldRun();
  expect(await run('release', id, '--note', 'stuck on NFS')).toEqual({
    code: 0,
    out: `Released ${claimed.flow_run.name} (${id}): it waits in ${pool}/default.`,
    err: '',
  });
  expect(await messageOf(id)).toBe(`Released by ${ME}: stuck on NFS`);
  await expect(propose(stack.client, claimed, 'COMPLETED')).rejects.toMatchObject({ status: 409 });
});

test('run release --by says who else does it, and --json prints the run', async () => {
  const { id } = await heldRun();
  const { code, out } = await run('release', id.toUpperCase(), '--by', 'ann', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ id, state_type: 'SCHEDULED', claimed_by: null });
  expect(await messageOf(id)).toBe('Released by ann.');
});

test('run release of a run that is to be cancelled says that it is Cancelled', async () => {
  const { id, claimed } = await heldRun();
  await stack.client.setState({ id, body: { state: { type: 'CANCELLING' } } });
  expect((await run('release', id)).out).toBe(
    `Released ${claimed.flow_run.name} (${id}): it is Cancelled.`,
  );
});

test('run release of a run that nobody holds fails, and names the command that tells why', async () => {
  const { id, claimed } = await heldRun();
  await propose(stack.client, claimed, 'COMPLETED');
  expect(await run('release', id)).toEqual({
    code: 1,
    out: '',
    err:
      'Nobody holds this run: it is COMPLETED. `dibs run claims <id>` lists its claims, and why each ' +
      'of them ended.',
  });
});

test.each(['release', 'claims'])('run %s of an unknown run fails with a sentence', async (verb) => {
  const { code, out, err } = await run(verb, randomUUID());
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^Flow run not found\. Check the id\. .+\.$/);
});

test('run claims tells every attempt: who had it, from when to when, and why not any longer', async () => {
  const { id, agent, claim } = await heldRun();
  await run('release', id, '--by', 'ann', '--note', 'one\nline \u001b[31monly');
  await propose(stack.client, await claim(), 'FAILED');
  await stack.client.retryFlowRuns({ body: { by: 'ann', flow_runs: { id: { any_: [id] } } } });
  await claim();

  const { code, out, err } = await run('claims', id);
  expect([code, err]).toEqual([0, '']);
  const rows = out.split('\n').map((line) => line.split(/ {2,}/));
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const who = [agent.worker, agent.session];
  expect(rows).toEqual([
    ['ATTEMPT', 'WORKER', 'SESSION', 'CLAIMED', 'STARTED', 'ENDED', 'WHY'],
    ['1', ...who, time, time, time, 'released: Released by ann: one line [31monly'],
    ['2', ...who, time, time, time, 'failed'],
    ['3', ...who, time, time, '-', 'held now'],
  ]);
  const json = JSON.parse((await run('claims', id, '--json')).out);
  expect(json).toEqual(await stack.client.readFlowRunClaims({ id }));
});

test('run claims of a run that waits says that nobody has claimed it', async () => {
  const { deployment } = await createWork(stack.client);
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  expect(await run('claims', id)).toEqual({
    code: 0,
    out: 'Nobody has claimed this run yet.',
    err: '',
  });
  expect((await run('claims', id, '--json')).out).toBe('[]');
});
