import { afterEach, expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import { SECOND } from '../../model/values/instant.ts';
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.ts';
import { laggingIndex } from '../support/lagging-index.ts';
import { startTestStack, type TestStack, type TestStackOptions } from '../support/stack.ts';
import {
  type ClaimedRun,
  claimRuns,
  createRuns,
  createWork,
  openSession,
  propose,
} from '../support/work.ts';
import { faults, race } from './race.ts';

const closing: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function stackWith(options: TestStackOptions = {}): Promise<TestStack> {
  const stack = await startTestStack(options);
  closing.push(() => stack.stop());
  return stack;
}

async function proxyTo(url: string): Promise<CuttingProxy> {
  const proxy = await startCuttingProxy(url);
  closing.push(() => proxy.stop());
  return proxy;
}

test('50 claimers race for 500 runs: each is won exactly once, none is lost', async () => {
  const { client, context } = await stackWith();
  const { pool, deployment } = await createWork(client);
  const ids = await createRuns(client, deployment.id, 500);
  const won = await race(client, pool, 50);
  expect(faults(won, ids)).toEqual([]);
  expect(won).toHaveLength(500);

  // The item says the same as the claimers do, and every token is good for its run.
  const runs = await context.store.readRuns(ids);
  const holders = new Map(runs.map((run) => [run.id, run.claim?.sessionId]));
  expect(won.filter(({ run, session }) => holders.get(run.flow_run.id) !== session)).toEqual([]);
  expect(runs.every((run) => run.attempt === 1)).toBe(true);
  const finishes = await Promise.all(
    won.slice(0, 50).map(async ({ run }) => {
      await propose(client, run, 'RUNNING');
      return (await propose(client, run, 'COMPLETED')).status;
    }),
  );
  expect(finishes.every((status) => status === 'ACCEPT')).toBe(true);
});

test('the checker sees double claims when the condition is taken out of the claim', async () => {
  const { client } = await stackWith({
    // The same write as the claim, on condition of nothing but the state it found.
    wrapStore: (store) => ({
      ...store,
      claim: async (attempt) => {
        const run = await store.readRun(attempt.runId);
        if (!run) return { won: false, run };
        const { claim, state } = attempt;
        const written = await store.transition(
          {
            runId: run.id,
            state: { ...state, claimedBy: claim.sessionId },
            claim: { kind: 'begin', claim },
            frees: [],
            takes: [],
            counts: { run: false },
            place: { kind: 'claimed', sessionId: claim.sessionId, at: state.at },
            scheduledAt: 'same',
            pauses: 'same',
            expiresAt: 'same',
          },
          { kind: 'decided', run },
        );
        return written.done
          ? { won: true, run: { ...run, claim, attempt: run.attempt + 1 } }
          : { won: false, run: written.run };
      },
    }),
  });
  const { pool, deployment } = await createWork(client);
  const ids = await createRuns(client, deployment.id, 500);
  const won = await race(client, pool, 50);
  expect(faults(won, ids).length).toBeGreaterThan(0);
});

test('replies cut after their effect are asked for again: same tokens, nothing claimed twice', async () => {
  const { client, url } = await stackWith();
  const { pool, deployment } = await createWork(client);
  const ids = await createRuns(client, deployment.id, 200);
  const proxy = await proxyTo(url);
  let claims = 0;
  proxy.cut((request) => request.url?.endsWith('/claim') === true && claims++ % 3 === 0, 60);
  const won = await race(createClient({ url: proxy.url }), pool, 20);
  expect(proxy.cuts).toBeGreaterThan(20);
  expect(faults(won, ids)).toEqual([]);
  const answers = await Promise.all(won.map(({ run }) => propose(client, run, 'RUNNING')));
  expect(answers.every(({ status }) => status === 'ACCEPT')).toBe(true);
});

test('a repeat tells the claim again with the same tokens and claims nothing new', async () => {
  const { client } = await stackWith();
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 10);
  const me = await openSession(client, pool);
  const claim_id = crypto.randomUUID();
  const first = await claimRuns(client, pool, me, { claim_id, limit: 4 });
  const again = await claimRuns(client, pool, me, { claim_id, limit: 4, repeat: true });
  const tokens = (runs: readonly ClaimedRun[]) => runs.map((run) => run.claim_token).sort();
  expect(tokens(again.runs)).toEqual(tokens(first.runs));
  const rest = await claimRuns(client, pool, me, { limit: 100 });
  expect(rest.runs).toHaveLength(6);
});

test('what an index 5 s behind hides from a repeat comes as unknown in a heartbeat', async () => {
  let ahead = 0;
  const now = () => Date.now() * 1000 + ahead;
  const { client, url } = await stackWith({
    context: { now },
    wrapStore: (store) => laggingIndex(store, now, 5 * SECOND),
  });
  const { pool, deployment } = await createWork(client);
  const ids = await createRuns(client, deployment.id, 5);
  const me = await openSession(client, pool);
  ahead += 5 * SECOND;
  const proxy = await proxyTo(url);
  proxy.cut(/claim$/, 1);
  const claim_id = crypto.randomUUID();
  const cut = claimRuns(createClient({ url: proxy.url }), pool, me, { claim_id, limit: 5 });
  await expect(cut).rejects.toThrow('No answer');

  const repeated = await claimRuns(client, pool, me, { claim_id, limit: 5, repeat: true });
  expect(repeated.runs).toEqual([]);
  const beat = () =>
    client.heartbeat({
      name: pool,
      session_id: me.session,
      body: { worker_name: me.worker, capacity: 5, runs: [] },
    });
  expect((await beat()).unknown).toEqual([]);
  ahead += 5 * SECOND;
  const { unknown } = await beat();
  expect(unknown.map((run) => run.flow_run.id).sort()).toEqual([...ids].sort());
  expect(unknown.every((run) => run.claim_id === claim_id)).toBe(true);
  for (const run of unknown) expect((await propose(client, run, 'RUNNING')).status).toBe('ACCEPT');
});

test('with an index 5 s behind, what is held already is never handed out again', async () => {
  let ahead = 0;
  const now = () => Date.now() * 1000 + ahead;
  const { client } = await stackWith({
    context: { now },
    wrapStore: (store) => laggingIndex(store, now, 5 * SECOND),
  });
  const { pool, deployment } = await createWork(client);
  const ids = await createRuns(client, deployment.id, 60);
  ahead += 5 * SECOND;
  const won = await race(client, pool, 20);
  expect(faults(won, ids)).toEqual([]);
});

test('a claim write whose reply is lost on its way from DynamoDB counts as won', async () => {
  let proxy: CuttingProxy | undefined;
  const { client, context } = await stackWith({
    endpoint: async (endpoint) => {
      proxy = await proxyTo(endpoint);
      return new URL(proxy.url).origin;
    },
  });
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const me = await openSession(client, pool);
  const updates = (request: { headers: NodeJS.Dict<string | string[]> }) =>
    String(request.headers['x-amz-target']).endsWith('UpdateItem');
  proxy?.cut(updates, 1);
  const { runs } = await claimRuns(client, pool, me);
  expect(proxy?.cuts).toBe(1);
  expect(runs.map((run) => run.flow_run.id)).toEqual([id]);
  expect((await context.store.readRun(id))?.attempt).toBe(1);

  // So does a start, and a finish, with and without a transition id.
  const [run] = runs;
  if (!run) throw new Error('nothing was claimed');
  proxy?.cut(updates, 1);
  expect((await propose(client, run, 'RUNNING')).status).toBe('ACCEPT');
  proxy?.cut(updates, 1);
  const finish = { state: { type: 'COMPLETED' as const }, claim_token: run.claim_token };
  expect((await client.setState({ id, body: finish })).status).toBe('ACCEPT');
  expect(proxy?.cuts).toBe(3);
  const done = await client.readFlowRun({ id });
  expect(done).toMatchObject({ state_type: 'COMPLETED', run_count: 1, attempt: 1 });
});

test('a create whose reply is lost on its way from DynamoDB makes one run, and says so', async () => {
  let proxy: CuttingProxy | undefined;
  const { client } = await stackWith({
    endpoint: async (endpoint) => {
      proxy = await proxyTo(endpoint);
      return new URL(proxy.url).origin;
    },
  });
  const { deployment } = await createWork(client);
  const puts = (request: { headers: NodeJS.Dict<string | string[]> }) =>
    String(request.headers['x-amz-target']).endsWith('PutItem');
  proxy?.cut(puts, 1);
  const run = await client.createFlowRunFromDeployment({ id: deployment.id, body: {} });
  const listed = await client.filterFlowRuns({ body: {} });
  expect(listed.map(({ id }) => id)).toEqual([run.id]);
});
