import { afterAll, beforeAll, expect, test } from 'vitest';
import { judge, tell } from '../prefect/golden/judge.ts';
import { findingsOf } from '../prefect/golden/replay.ts';
import { SCENARIOS } from '../prefect/golden/scenarios/index.ts';
import { loseFirstReplies } from '../support/lost-writes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** All routes of Prefect's, while the database's first reply to every write is lost. */
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ onClient: loseFirstReplies });
});
afterAll(() => stack.stop());

/**
 * What was written already is found, so it is answered as on a second request: with 200 where a new
 * record is 201, and without the reason of a decision.
 */
const isOther = (told: string): boolean =>
  !/status: Prefect 201, dibs "200/.test(told) && !/body\.details\.reason: /.test(told);

test.concurrent.each(SCENARIOS)(
  '$name: answered as if no reply had been lost',
  async (scenario) => {
    const found = await findingsOf(stack.url, scenario);
    expect(judge(found).unwanted.map(tell).filter(isOther)).toEqual([]);
  },
  300_000,
);
