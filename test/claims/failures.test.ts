import { afterEach, expect, test } from 'vitest';
import type { Store } from '../../model/store.ts';
import { DibsError } from '../../model/values/errors.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

let stack: TestStack;
afterEach(() => stack.stop());

const unavailable = () =>
  new DibsError('unavailable', 'The database did not answer in time (claim).');

/** A stack whose store answers so many claim writes, and no more; what it counts, and what it logs. */
async function answering(claims: number) {
  const counted: string[] = [];
  const logged: string[] = [];
  let left = claims;
  const wrapStore = (store: Store): Store => ({
    ...store,
    claim: async (attempt) => {
      left -= 1;
      if (left < 0) throw unavailable();
      return store.claim(attempt);
    },
  });
  stack = await startTestStack({
    wrapStore,
    context: {
      count: (metric, by) => void (by > 0 && counted.push(metric)),
      log: ({ message }) => void logged.push(message),
    },
  });
  const { pool, deployment } = await createWork(stack.client);
  await createRuns(stack.client, deployment.id, 3);
  const session = await openSession(stack.client, pool);
  return { pool, session, counted, logged };
}

test('where the database does not answer for some runs of a claim, the agent gets the others, and each failure is counted and logged', async () => {
  const { pool, session, counted, logged } = await answering(1);
  expect((await claimRuns(stack.client, pool, session, { limit: 3 })).runs).toHaveLength(1);
  expect(counted.filter((metric) => metric === 'claim_failures').length).toBeGreaterThanOrEqual(2);
  expect(logged).toContain('claim failures');
});

test('where it answers for none, the agent is told so', async () => {
  const { pool, session } = await answering(0);
  const claim = claimRuns(stack.client, pool, session, { limit: 3 });
  await expect(claim).rejects.toMatchObject({ code: 'unavailable' });
});
