import { randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { decide } from '../../core/states/decide.ts';
import type { Proposer } from '../../core/states/fence.ts';
import { parseClaimToken } from '../../model/runs/claim-token.ts';
import { currentState, type Run } from '../../model/runs/run.ts';
import { defaultName, isFinal, STATE_TYPES, type StateType } from '../../model/runs/state.ts';
import type { Instant } from '../../model/values/instant.ts';
import { dispatchKey } from '../../store/table/dispatch-keys.ts';
import { runKey } from '../../store/table/keys.ts';
import { type MeteredStack, startMeteredStack } from '../support/metered-stack.ts';
import { force } from '../support/run-writes.ts';
import {
  type ClaimedRun,
  claimRuns,
  createRuns,
  createWork,
  openSession,
} from '../support/work.ts';

/**
 * A plain accept is written without a read, on a condition. Whatever the pair of states, the answer
 * and what is left behind must be the ones that a decision on the run would have given.
 */
let stack: MeteredStack;
let claimed: ClaimedRun[];
let byName: Run[];
let work: Awaited<ReturnType<typeof createWork>>;
const WORKER = 'w';
const AS_WORKER = { 'x-prefect-worker-name': WORKER };
const stateBody = (type: StateType) => ({
  state: { type, state_details: { transition_id: randomUUID() } },
});
/** While this is set the server's clock stands still, so that no cached record grows too old meanwhile. */
let stoppedAt: Instant | undefined;
const OPEN = STATE_TYPES.filter((type) => !isFinal(type));
const PAIRS = OPEN.flatMap((from) => STATE_TYPES.map((to) => ({ from, to })));

beforeAll(async () => {
  stack = await startMeteredStack({ now: () => stoppedAt ?? Date.now() * 1000 });
  work = await createWork(stack.client);
  const { pool, deployment } = work;
  await createRuns(stack.client, deployment.id, PAIRS.length);
  const me = await openSession(stack.client, pool);
  claimed = (await claimRuns(stack.client, pool, me, { limit: 100 })).runs;
  expect(claimed).toHaveLength(PAIRS.length);
  await stack.client.workerHeartbeat({ name: pool, body: { name: WORKER } });
  const ids = await createRuns(stack.client, deployment.id, PAIRS.length);
  await stack.client.pollWorkPool({ name: pool, body: {}, headers: AS_WORKER });
  for (const id of ids) {
    await stack.client.setState({ id, body: stateBody('PENDING'), headers: AS_WORKER });
  }
  byName = await stack.context.store.readRuns(ids);
});
afterAll(() => stack.stop());

/** Whatever the rules say. */
async function put(id: string, type: StateType): Promise<void> {
  const run = await stack.context.store.readRun(id);
  if (run && run.stateType !== type) await force(stack, run, type);
}

async function rawItem(id: string): Promise<Record<string, unknown>> {
  const command = new GetCommand({
    TableName: stack.tableName,
    Key: runKey(id),
    ConsistentRead: true,
  });
  return (await stack.dynamodb.send(command)).Item ?? {};
}

test.each(PAIRS)('$from -> $to by the bearer of its token', async ({ from, to }) => {
  const given = claimed.pop();
  const token = parseClaimToken(given?.claim_token ?? '');
  if (!given || !token) throw new Error('no run left');
  const { id } = given.flow_run;
  await answersAsDecided(id, from, to, { kind: 'token', token }, (state) =>
    stack.client.setState({ id, body: { state, claim_token: given.claim_token } }),
  );
});

test.each(PAIRS)('$from -> $to by the worker that holds it', async ({ from, to }) => {
  const run = byName.pop();
  if (!run?.claim) throw new Error('no run left');
  const { id } = run;
  const { sessionId } = run.claim;
  const caller: Proposer = { kind: 'worker', name: WORKER, sessionId, draining: false };
  await answersAsDecided(id, from, to, caller, (state) =>
    stack.client.setState({ id, body: { state }, headers: AS_WORKER }),
  );
});

test('a claim by name writes once and reads nothing, and so do its start and its finish', async () => {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  stoppedAt = Date.now() * 1000;
  onTestFinished(() => {
    stoppedAt = undefined;
  });
  await stack.client.pollWorkPool({ name: work.pool, body: {}, headers: AS_WORKER });
  stack.meter.take();
  for (const [type, units] of [
    ['PENDING', 3],
    ['RUNNING', 1],
    ['COMPLETED', 2],
  ] as const) {
    const { status } = await stack.client.setState({
      id,
      body: stateBody(type),
      headers: AS_WORKER,
    });
    expect(status).toBe('ACCEPT');
    expect(stack.meter.take()).toEqual({ calls: ['UpdateItem'], reads: 0, writes: units });
  }
});

/** Sets the run to `from`, proposes `to`, and compares with what a decision on it comes to. */
async function answersAsDecided(
  id: string,
  from: StateType,
  to: StateType,
  caller: Proposer,
  send: (state: { type: StateType; state_details: { transition_id: string } }) => Promise<{
    status: string;
  }>,
): Promise<void> {
  await put(id, from);
  const { store, now, newId, newSecret } = stack.context;
  const before = await store.readRun(id);
  if (!before) throw new Error('the run is gone');
  const proposal = {
    type: to,
    name: defaultName(to),
    persists: false,
    force: false,
    stateId: newId(),
    hasTransitionId: false,
  };
  const expected = decide(before, proposal, caller, { now: now(), newId, newSecret });
  if (expected.kind !== 'refuse' && expected.kind !== 'write') throw new Error(expected.kind);

  const answer = await send(stateBody(to).state);
  expect(answer.status).toBe(expected.verdict.status);
  const after = await store.readRun(id);
  if (!after) throw new Error('the run is gone');
  if (expected.kind === 'refuse') return expect(after).toEqual(before);
  const { state, claim, counts } = expected.transition;
  expect(after.stateType).toBe(state.type);
  expect(currentState(after).name).toBe(state.name);
  expect(after.claim).toEqual(claim.kind === 'end' ? undefined : before.claim);
  expect(after.runCount).toBe(before.runCount + (counts.run ? 1 : 0));
  expect(after.attempt).toBe(before.attempt);

  // Where it is listed, and when it is deleted: as the decision would have it.
  const { place, expiresAt } = expected.transition;
  const item = await rawItem(id);
  if (place !== 'same') {
    const listed = dispatchKey(id, place);
    expect(item['gsi1pk']).toBe(listed?.gsi1pk);
  } else expect(item['gsi1pk']).toMatch(/^CLAIMED#/);
  expect(item['expiresAt'] !== undefined).toBe(typeof expiresAt === 'number');
}
