import { afterAll, beforeAll, expect, test } from 'vitest';
import { SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { type MeteredStack, startMeteredStack } from '../support/metered-stack.ts';
import {
  type ClaimedRun,
  claimRuns,
  createRuns,
  createWork,
  openSession,
  propose,
} from '../support/work.ts';

/**
 * What limits cost, exactly: a claim under n limits is a transaction of the run (2, and 4 for its move
 * in the index), and per limit a slot (2) and a look at the limit's version (2); its end is one of
 * the run (2, and 2 in the index) and the slots (2 each). A full limit costs no write.
 */
let stack: MeteredStack;
let at = Date.now() * 1000;

beforeAll(async () => {
  stack = await startMeteredStack({ now: () => at });
});
afterAll(() => stack.stop());

/** One run through its life in a pool, and maybe of a deployment, with a limit of one. */
async function lifecycle(limits: { pool?: true; deployment?: true }) {
  const { client } = stack;
  const { pool, flow } = await createWork(client, limits.pool ? { poolLimit: 1 } : {});
  const deployment = await client.createDeployment({
    body: {
      name: 'limited',
      flow_id: flow.id,
      work_pool_name: pool,
      ...(limits.deployment ? { concurrency_limit: 1 } : {}),
    },
  });
  const me = await openSession(client, pool);
  // The first claim of a session reads its records anew, and the first run of a day notes the day.
  at += NUMBERS.limitsViewedWithin;
  await createRuns(client, deployment.id, 1);
  const [warm] = (await claimRuns(client, pool, me, { start: true })).runs;
  if (warm) await propose(client, warm, 'COMPLETED');
  at += SECOND;
  const [, created] = await stack.meter.measured(() => createRuns(client, deployment.id, 1));
  const [{ runs }, claimed] = await stack.meter.measured(() => claimRuns(client, pool, me));
  const [run] = runs as [ClaimedRun];
  await createRuns(client, deployment.id, 1);
  at += SECOND;
  const [, full] = await stack.meter.measured(() => claimRuns(client, pool, me));
  const [, started] = await stack.meter.measured(() => propose(client, run, 'RUNNING'));
  const [, finished] = await stack.meter.measured(() => propose(client, run, 'COMPLETED'));
  return {
    created: created.writes,
    claimed: claimed.writes,
    started: started.writes,
    finished: finished.writes,
    whenFull: full.writes,
  };
}

test('without limits nothing changes: 4, 3, 1, 2', async () => {
  const { whenFull, ...units } = await lifecycle({});
  expect(units).toEqual({ created: 4, claimed: 3, started: 1, finished: 2 });
});

const ONE = { created: 4, claimed: 10, started: 1, finished: 6, whenFull: 0 };

test('under a limit of the pool a claim costs 10 and a finish 6, and a full one no write', async () => {
  expect(await lifecycle({ pool: true })).toEqual(ONE);
});

test('under a limit of the deployment just the same', async () => {
  expect(await lifecycle({ deployment: true })).toEqual(ONE);
});

test('each limit more costs 4 at the claim and 2 at its end', async () => {
  const two = { ...ONE, claimed: 14, finished: 8 };
  expect(await lifecycle({ pool: true, deployment: true })).toEqual(two);
});
