import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeployment } from '../../core/deployments/create-deployment.ts';
import { readDeployment } from '../../core/deployments/deployments.ts';
import { settleLimit } from '../../core/limits/set-limit.ts';
import type { Store } from '../../model/store.ts';
import { SECOND } from '../../model/values/instant.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, openSession } from '../support/work.ts';
import { createLimitedWork, heldOf } from './world/limited-work.ts';
import { createManyRuns } from './world/many-runs.ts';
import { testClock } from './world/test-clock.ts';

const clock = testClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now }, wrapStore: slowIndex });
});
afterAll(() => stack.stop());

const BLOCKED = 10_000;

/**
 * By the server's clock, so that reading 10,000 entries takes longer than a call may use limits it
 * has read.
 */
const slowIndex = (store: Store): Store => ({
  ...store,
  listReady: (window) => {
    clock.jump(SECOND / 16);
    return store.listReady(window);
  },
});

describe('a run that is free to go, behind 10,000 runs whose limit is full', {
  timeout: 180_000,
}, () => {
  test('is claimed by the next poll, where the limit was there first', async () => {
    const { client } = stack;
    const work = await createLimitedWork(client, { deployment: 1 });
    await createManyRuns(stack, work.deployment.id, BLOCKED);
    const other = await work.deploy('free');
    const me = await openSession(client, work.pool);
    expect((await claimRuns(client, work.pool, me, { limit: 10 })).runs).toHaveLength(1);
    const [free] = await createRuns(client, other.id, 1);
    const polled = await claimRuns(client, work.pool, me, { limit: 10 });
    expect(polled.runs.map((run) => run.flow_run.id)).toEqual([free]);
    expect(await heldOf(client, 'deployment', work)).toBe(1);
  });

  test('is claimed within two polls, where the limit was set after the runs were created', async () => {
    const { client, context } = stack;
    const work = await createLimitedWork(client, {});
    await createManyRuns(stack, work.deployment.id, BLOCKED);
    const other = await work.deploy('free');
    const me = await openSession(client, work.pool);
    expect((await claimRuns(client, work.pool, me)).runs).toHaveLength(1);

    const { flowId, name } = await readDeployment(context, work.deployment.id);
    const place = { poolName: work.pool, queueName: work.queue };
    const limited = { flowId, name, ...place, concurrencyLimit: 1 };
    const { settling } = await createDeployment(context, limited);
    if (!settling) throw new Error('a first limit settles');
    expect(await settleLimit(context, settling)).toBe(false);
    // By then, the index shows the end of earlier claims, and they get their slots.
    clock.jump(13 * SECOND);
    expect(await settleLimit(context, settling)).toBe(true);
    expect(await heldOf(client, 'deployment', work)).toBe(1);

    const [free] = await createRuns(client, other.id, 1);
    const claimed: string[] = [];
    let polls = 0;
    for (; claimed.length === 0 && polls < 5; polls++) {
      const { runs } = await claimRuns(client, work.pool, me, { limit: 10 });
      claimed.push(...runs.map((run) => run.flow_run.id));
    }
    expect(claimed).toEqual([free]);
    expect(polls).toBeLessThanOrEqual(2);
    expect(await heldOf(client, 'deployment', work)).toBe(1);
  });
});
