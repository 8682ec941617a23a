import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseClaimToken } from '../../core/claim-token.ts';
import { decide } from '../../core/decide.ts';
import { currentState } from '../../core/run.ts';
import { defaultName, isFinal, STATE_TYPES, type StateType } from '../../core/state.ts';
import { decidedTransition } from '../../core/transition.ts';
import { dispatchKey, runKey } from '../../store/keys.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
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
let stack: TestStack;
let client: DynamoDBClient;
let claimed: ClaimedRun[];
const OPEN = STATE_TYPES.filter((type) => !isFinal(type));
const PAIRS = OPEN.flatMap((from) => STATE_TYPES.map((to) => ({ from, to })));

beforeAll(async () => {
  stack = await startTestStack({
    onClient: (used) => {
      client = used;
    },
  });
  const { pool, deployment } = await createWork(stack.client);
  await createRuns(stack.client, deployment.id, PAIRS.length);
  const me = await openSession(stack.client, pool);
  claimed = (await claimRuns(stack.client, pool, me, { limit: 100 })).runs;
  expect(claimed).toHaveLength(PAIRS.length);
});
afterAll(() => stack.stop());

/** Puts a held run into a state, whatever the rules say. */
async function force(id: string, type: StateType): Promise<void> {
  const { store, now, newId } = stack.context;
  const run = await store.readRun(id);
  if (!run || run.stateType === type) return;
  const state = { id: newId(), type, name: defaultName(type), at: now() };
  const written = await store.transition(decidedTransition(run, state, { kind: 'keep' }), {
    kind: 'decided',
    run,
  });
  expect(written.done).toBe(true);
}

async function rawItem(id: string): Promise<Record<string, unknown>> {
  const command = new GetCommand({
    TableName: stack.tableName,
    Key: runKey(id),
    ConsistentRead: true,
  });
  return (await client.send(command)).Item ?? {};
}

test.each(PAIRS)('$from -> $to by its holder', async ({ from, to }) => {
  const given = claimed.pop();
  const token = parseClaimToken(given?.claim_token ?? '');
  if (!given || !token) throw new Error('no run left');
  const { id } = given.flow_run;
  await force(id, from);
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
  const expected = decide(
    before,
    proposal,
    { kind: 'token', token },
    { now: now(), newId, newSecret },
  );
  if (expected.kind !== 'refuse' && expected.kind !== 'write') throw new Error(expected.kind);

  const answer = await stack.client.setState({
    id,
    body: {
      state: { type: to, state_details: { transition_id: randomUUID() } },
      claim_token: given.claim_token,
    },
  });
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
});
