import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../core/context.ts';
import { setState } from '../../core/proposals/set-state.ts';
import { readHistory } from '../../core/states/history.ts';
import { decidedTransition } from '../../core/states/transition.ts';
import type { Store } from '../../model/store.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

/** What happens between a write and the same write sent again, or between a decision and its write. */
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

/** The reply of the first transition is lost; `meanwhile` happens; then the SDK sends it again. */
function resending(meanwhile: () => Promise<void>): Context {
  const { store } = stack.context;
  let lost = false;
  const transition: Store['transition'] = async (to, guard) => {
    const written = await store.transition(to, guard);
    if (lost) return written;
    lost = true;
    await meanwhile();
    return store.transition(to, guard);
  };
  return { ...stack.context, store: { ...store, transition } };
}

const forceBack = (id: string) =>
  stack.client.setState({ id, body: { state: { type: 'SCHEDULED' }, force: true } });

describe('a write whose reply was lost is sent again after the run went to somebody else', () => {
  const cases = ['token', 'worker'].flatMap((by) =>
    [true, false].map((withId) => ({ by, withId })),
  );
  test.each(cases)('by $by, transition_id $withId: it is no win', async ({ by, withId }) => {
    const { client } = stack;
    const { pool, deployment } = await createWork(client);
    const [id = ''] = await createRuns(client, deployment.id, 1);
    const [a, b] = await Promise.all([openSession(client, pool), openSession(client, pool)]);
    const token =
      by === 'token' ? (await claimRuns(client, pool, a)).runs[0]?.claim_token : undefined;
    const context = resending(async () => {
      await forceBack(id);
      expect((await claimRuns(client, pool, b)).runs).toHaveLength(1);
    });
    const outcome = await setState(context, {
      runId: id,
      force: false,
      state: {
        type: by === 'token' ? 'RUNNING' : 'PENDING',
        ...(withId ? { transitionId: randomUUID() } : {}),
      },
      identity: {
        claimToken: token,
        headerToken: undefined,
        workerName: by === 'worker' ? 'w' : undefined,
        flowId: undefined,
        deploymentId: undefined,
      },
    });
    expect(outcome.status).toBe('ABORT');
    expect(outcome.run?.claim?.sessionId).toBe(b.session);
  });
});

test('a decision that moves old states and comes late loses none of them', async () => {
  const { client, context } = stack;
  const { store, now, newId } = context;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  await client.setState({ id, body: { state: { type: 'SCHEDULED' } } });
  const me = await openSession(client, pool);
  const claimOne = async () => {
    const [run] = (await claimRuns(client, pool, me)).runs;
    if (!run) throw new Error('nothing was claimed');
    return run;
  };
  for (let rounds = 9; rounds > 0; rounds--) await propose(client, await claimOne(), 'SCHEDULED');
  const read = await store.readRun(id);
  if (read?.states.length !== 20) throw new Error(`${read?.states.length} states`);
  const slow = decidedTransition(
    read,
    { id: newId(), type: 'CANCELLED', name: 'Cancelled', at: now() },
    { kind: 'keep' },
  );
  const run = await claimOne();
  await propose(client, run, 'RUNNING');
  await propose(client, run, 'SCHEDULED');
  const before = await readHistory(context, id);
  expect(before.states).toHaveLength(23);
  const late = await store.transition(slow, { kind: 'decided', run: read });
  expect(late.done).toBe(false);
  expect(await readHistory(context, id)).toEqual(before);
});

test('a proposal sent again after its state was moved out is not acted on again', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  await client.updateFlowRun({ id, body: { empirical_policy: { retries: 30 } } });
  const me = await openSession(client, pool);
  const [run] = (await claimRuns(client, pool, me, { start: true })).runs;
  const transition_id = randomUUID();
  const fail = () =>
    client.setState({
      id,
      body: {
        state: { type: 'FAILED', state_details: { transition_id } },
        claim_token: run?.claim_token ?? '',
      },
    });
  expect((await fail()).status).toBe('REJECT');
  for (let rounds = 12; rounds > 0 && run; rounds--) {
    await propose(client, run, 'RUNNING');
    await propose(client, run, 'FAILED');
  }
  if (run) await propose(client, run, 'RUNNING');
  const before = await stack.context.store.readRun(id);
  expect((await fail()).status).toBe('ABORT');
  expect(await stack.context.store.readRun(id)).toEqual(before);
});

test('what a claim has won is answered although the database fails after it', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 3);
  const failing = await startTestStack({ wrapStore: () => failAfterFirst(stack.context.store) });
  try {
    const me = await openSession(client, pool);
    const { runs } = await claimRuns(failing.client, pool, me, { limit: 3 });
    expect(runs).toHaveLength(1);
  } finally {
    await failing.stop();
  }
});

/** One claim wins, one is lost, and then the database does not answer any more. */
function failAfterFirst(store: Store): Store {
  let claims = 0;
  return {
    ...store,
    claim: async (attempt) => {
      claims += 1;
      if (claims === 1) return store.claim(attempt);
      if (claims <= 3) return { won: false, run: undefined };
      throw new Error('the database is away');
    },
    listReady: async (window) => {
      if (claims > 0) throw new Error('the database is away');
      return store.listReady(window);
    },
  };
}
