import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Memory } from '../../core/memory.ts';
import { sweep } from '../../core/recovery/sweep.ts';
import { heartbeat } from '../../core/sessions/heartbeat.ts';
import { HOUR, MINUTE, SECOND } from '../../model/values/instant.ts';
import { beat, movableClock } from '../support/clock.ts';
import { interrupted } from '../support/interrupted.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

/** A pool with `runs` runs, an agent that holds them all, and one that holds nothing. */
async function deathScene(runs: number, start = true) {
  const { client } = stack;
  const work = await createWork(client);
  const ids = await createRuns(client, work.deployment.id, runs);
  const dead = await openSession(client, work.pool);
  const alive = await openSession(client, work.pool);
  const held = (await claimRuns(client, work.pool, dead, { limit: 100, start })).runs;
  expect(held).toHaveLength(runs);
  const live = () => beat(client, work.pool, alive);
  return { ...work, ids, dead, alive, held, live };
}

const claims = (id: string) => stack.client.readFlowRunClaims({ id });

test('an agent that restarts while a sweep ends its former session gets its name back', async () => {
  const { client, context } = stack;
  const { pool } = await createWork(client);
  const { id: poolId } = await client.readWorkPool({ name: pool });
  for (let after = 1, more = true; more; after++) {
    const former = await openSession(client, pool);
    clock.jump(31 * SECOND);
    const ending = { poolId, sessionId: former.session, at: clock.now() };
    const restart = interrupted(context, after, () => context.store.endSession(ending));
    const session = { sessionId: randomUUID(), workerName: former.worker, host: null };
    const first = { started: true, capacity: 1, runs: [], ended: false };
    await heartbeat(restart.context, { poolName: pool, ...session, ...first });
    more = restart.hasMore();
  }
});

test('the runs of a silent agent are claimed again by the first poll after its lease', async () => {
  const { client } = stack;
  const { pool, ids, dead, alive, held, live } = await deathScene(3);
  // Real time passes as well, some seconds of it on a busy machine.
  await clock.pass(22 * SECOND, live);
  expect((await claimRuns(client, pool, alive, { limit: 3 })).runs).toEqual([]);
  await clock.pass(9 * SECOND, live);
  const again = (await claimRuns(client, pool, alive, { limit: 3 })).runs;
  expect(again.map((run) => run.flow_run.id).sort()).toEqual([...ids].sort());
  expect(again.every(({ attempt }) => attempt === 2)).toBe(true);

  // The dead comes back: told so wherever it turns, and it changes nothing.
  await expect(beat(client, pool, dead)).rejects.toMatchObject({ status: 410 });
  for (const run of held) {
    await expect(propose(client, run, 'COMPLETED')).rejects.toMatchObject({
      status: 409,
      code: 'claim_lost',
      body: { attempt: 2, holder: { session_id: alive.session } },
    });
  }
  const [id = ''] = ids;
  const states = await client.readFlowRunStates({ query: { flow_run_id: id } });
  expect(states.map(({ name }) => name)).toEqual([
    'Scheduled',
    'Running',
    'Rescheduled',
    'Pending',
  ]);
  expect(states[2]?.message).toMatch(/^Agent ".+" fell silent, .+ Loss 1 of 3\.$/);
  expect(await claims(id)).toMatchObject([
    { attempt: 1, session_id: dead.session, worker_name: dead.worker, reason: 'agent lost' },
    { attempt: 2, session_id: alive.session, worker_name: alive.worker, reason: null },
  ]);
});

test('a late heartbeat wins or loses, never half: before the end it renews, after it is told 410', async () => {
  const { client } = stack;
  const { pool, dead, alive, held, live } = await deathScene(1);
  await clock.pass(31 * SECOND, live);
  await beat(client, pool, dead, {
    runs: held.map(({ attempt, flow_run: { id } }) => ({ id, attempt })),
  });
  expect((await claimRuns(client, pool, alive)).runs).toEqual([]);
  const [run] = held;
  if (run) expect((await propose(client, run, 'COMPLETED')).status).toBe('ACCEPT');
});

test('a run whose agents die goes round maxLosses times and is CRASHED then; a retry counts anew', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const alive = await openSession(client, pool);
  const loseOnce = async () => {
    const dying = await openSession(client, pool);
    expect((await claimRuns(client, pool, dying)).runs).toHaveLength(1);
    await clock.pass(31 * SECOND, () => beat(client, pool, alive));
    await claimRuns(client, pool, alive, { queue_names: ['default'], limit: 1 }).then(
      async ({ runs }) => {
        // Given back: that is no loss.
        for (const run of runs) await propose(client, run, 'SCHEDULED');
      },
    );
  };
  await loseOnce();
  await loseOnce();
  expect((await client.readFlowRun({ id })).state_type).toBe('SCHEDULED');
  await loseOnce();
  const crashed = await client.readFlowRun({ id });
  expect(crashed).toMatchObject({ state_type: 'CRASHED', claimed_by: null });
  expect(crashed.state?.message).toContain('Loss 3 of 3');
  await client.retryFlowRuns({ body: { flow_runs: { id: { any_: [id] } }, by: 'me' } });
  await loseOnce();
  expect((await client.readFlowRun({ id })).state_type).toBe('SCHEDULED');
});

test.each([
  { on_loss: 'fail', becomes: 'FAILED' },
  { on_loss: 'crash', becomes: 'CRASHED' },
] as const)('under the policy $on_loss a lost run is $becomes', async ({ on_loss, becomes }) => {
  const { client } = stack;
  const { pool, ids, alive, live } = await deathScene(1);
  await client.updateWorkPool({ name: pool, body: { recovery: { on_loss } } });
  await clock.pass(31 * SECOND, live);
  expect((await claimRuns(client, pool, alive)).runs).toEqual([]);
  const [id = ''] = ids;
  expect((await client.readFlowRun({ id })).state_type).toBe(becomes);
  expect(await claims(id)).toMatchObject([{ reason: 'agent lost' }]);
});

test('a run that was to be cancelled when its agent died is CANCELLED, not claimed again', async () => {
  const { client } = stack;
  const { pool, ids, alive, live } = await deathScene(1);
  const [id = ''] = ids;
  await client.setState({ id, body: { state: { type: 'CANCELLING' } } });
  await clock.pass(31 * SECOND, live);
  expect((await claimRuns(client, pool, alive)).runs).toEqual([]);
  expect((await client.readFlowRun({ id })).state_type).toBe('CANCELLED');
});

test('a run that waited for a retry, or paused, in a process that died goes back, too', async () => {
  const { client } = stack;
  const { pool, ids, alive, held, live } = await deathScene(2);
  const [retries, pauses] = held;
  if (!retries || !pauses) throw new Error('two were claimed');
  const policy = { retries: 1, retry_delay: 3600 };
  await client.updateFlowRun({ id: retries.flow_run.id, body: { empirical_policy: policy } });
  expect((await propose(client, retries, 'FAILED')).state?.name).toBe('AwaitingRetry');
  await client.setState({
    id: pauses.flow_run.id,
    body: { state: { type: 'PAUSED' }, claim_token: pauses.claim_token },
  });
  await clock.pass(31 * SECOND, live);
  const { runs } = await claimRuns(client, pool, alive, { limit: 5 });
  expect(runs.map((run) => run.flow_run.id)).toEqual([pauses.flow_run.id]);
  // The other one waits for the time of its retry, wherever that will be.
  expect(await client.readFlowRun({ id: retries.flow_run.id })).toMatchObject({
    state_name: 'Rescheduled',
    claimed_by: null,
  });
  expect(ids).toHaveLength(2);
  clock.jump(HOUR);
  await live();
  const later = await openSession(client, pool);
  expect((await claimRuns(client, pool, later)).runs).toMatchObject([
    { flow_run: { id: retries.flow_run.id } },
  ]);
});

test('CANCELLING for more than five minutes is CANCELLED, whoever lives', async () => {
  const { client } = stack;
  const { pool, ids, dead, held } = await deathScene(1);
  const [id = ''] = ids;
  const runs = held.map(({ attempt }) => ({ id, attempt }));
  await client.setState({ id, body: { state: { type: 'CANCELLING' } } });
  const live = () => beat(client, pool, dead, { runs });
  await clock.pass(5 * MINUTE - 5 * SECOND, live);
  await sweep(stack.context);
  expect((await client.readFlowRun({ id })).state_type).toBe('CANCELLING');
  await clock.pass(10 * SECOND, live);
  await sweep(stack.context);
  expect((await client.readFlowRun({ id })).state_type).toBe('CANCELLED');
  expect((await live()).lost).toEqual([{ id, attempt: 1, holder: null }]);
});

test('after an outage of everybody the living get a lease to say so, and then only the dead are swept', async () => {
  const { client } = stack;
  const { pool, ids, dead, alive, held, live } = await deathScene(1);
  clock.jump(2 * MINUTE);
  // The other one is back first, and polls: nobody is taken anything from.
  await live();
  expect((await claimRuns(client, pool, alive)).runs).toEqual([]);
  await beat(client, pool, dead, { runs: [{ id: ids[0] ?? '', attempt: 1 }] });
  await clock.pass(20 * SECOND, live);
  expect((await claimRuns(client, pool, alive)).runs).toEqual([]);
  const [run] = held;
  if (run) expect((await propose(client, run, 'COMPLETED')).status).toBe('ACCEPT');
});

test('after an outage the dead are swept once the grace is over', async () => {
  const { client } = stack;
  const { pool, alive, live } = await deathScene(1);
  clock.jump(2 * MINUTE);
  await live();
  expect((await claimRuns(client, pool, alive)).runs).toEqual([]);
  await clock.pass(31 * SECOND, live);
  expect((await claimRuns(client, pool, alive)).runs).toHaveLength(1);
});

test('where nobody polls, the sweeper gives grace once, and then does it', async () => {
  const { client, context } = stack;
  const { ids } = await deathScene(1);
  const [id = ''] = ids;
  clock.jump(HOUR);
  await sweep(context);
  expect((await client.readFlowRun({ id })).state_type).toBe('RUNNING');
  clock.jump(MINUTE);
  await sweep(context);
  expect((await client.readFlowRun({ id })).state_type).toBe('SCHEDULED');
});

test('an agent that says goodbye, or was restarted, leaves its runs to others at once', async () => {
  const { client } = stack;
  const { pool, dead, alive } = await deathScene(1);
  const restarted = { session: randomUUID(), worker: dead.worker };
  await client.heartbeat({
    name: pool,
    session_id: restarted.session,
    body: {
      worker_name: dead.worker,
      capacity: 1,
      runs: [],
      started: true,
      replaces: dead.session,
    },
  });
  expect((await claimRuns(client, pool, restarted)).runs).toMatchObject([{ attempt: 2 }]);
  await beat(client, pool, restarted, { ended: true });
  expect((await claimRuns(client, pool, alive)).runs).toMatchObject([{ attempt: 3 }]);
});

test('a claim write that landed after its session ended is found for a day', async () => {
  const { client, context } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const ended = await openSession(client, pool);
  await beat(client, pool, ended, { ended: true });
  const at = clock.now();
  await context.store.claim({
    runId: id,
    claim: { sessionId: ended.session, claimId: randomUUID(), secret: context.newSecret() },
    state: { id: randomUUID(), type: 'PENDING', name: 'Pending', at, claimedBy: ended.session },
    takes: [],
    attempts: 0,
    now: at,
    deadline: at + 10 * SECOND,
  });
  clock.jump(22 * HOUR);
  for (let minute = 0; minute < 61; minute++) {
    clock.jump(MINUTE);
    await sweep(context);
  }
  expect((await client.readFlowRun({ id })).state_type).toBe('SCHEDULED');
});

test('of two sweeps, a late heartbeat, a finish and a cancel at once, one wins and nothing is torn', async () => {
  const { client, context } = stack;
  for (let round = 0; round < 6; round++) {
    const { pool, ids, dead, held, live } = await deathScene(4);
    await clock.pass(31 * SECOND, live);
    const [a, b] = held;
    const settled = await Promise.allSettled([
      sweep(context),
      beat(client, pool, dead),
      sweep({ ...context, memory: new Memory() }),
      a && propose(client, a, 'COMPLETED'),
      b && client.setState({ id: b.flow_run.id, body: { state: { type: 'CANCELLING' } } }),
      beat(client, pool, dead),
    ]);
    const finished = settled[3]?.status === 'fulfilled';
    await sweep(context);
    const runs = await context.store.readRuns(ids);
    const session = (await client.readWorkers({ name: pool })).find(
      ({ id }) => id === dead.session,
    );
    for (const run of runs) {
      const isFirst = run.id === a?.flow_run.id;
      if (isFirst && finished) expect(run).toMatchObject({ stateType: 'COMPLETED', losses: 0 });
      else if (session?.status === 'ONLINE') expect(run.claim?.sessionId).toBe(dead.session);
      else expect(run.claim).toBeUndefined();
      expect(run.losses).toBeLessThanOrEqual(1);
    }
  }
});
