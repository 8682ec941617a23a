import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweep } from '../../core/recovery/sweep.ts';
import { SECOND } from '../../model/values/instant.ts';
import { beat, movableClock } from '../support/clock.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

type Me = Awaited<ReturnType<typeof openSession>>;
interface Scene {
  readonly me: Me;
  readonly former: string;
  readonly latter: string;
}

/** Each ends the session, or the life, of the client in the former pool. */
const ENDS = {
  'it says that it has ended': ({ former, me }: Scene) =>
    beat(stack.client, former, me, { runs: [], ended: true }),
  'an operator deletes it': ({ former, me }: Scene) =>
    request(stack, 'DELETE', `/work_pools/${former}/workers/${me.worker}`),
  'its lease expires there': async ({ former, latter, me }: Scene) => {
    // Somebody else is served meanwhile, so that there was no outage.
    const other = await openSession(stack.client, former);
    await clock.pass(32 * SECOND, async () => {
      await beat(stack.client, former, other);
      await beat(stack.client, latter, me);
    });
    await claimRuns(stack.client, former, other);
  },
  'the pool is deleted': ({ former }: Scene) => request(stack, 'DELETE', `/work_pools/${former}`),
};

describe('a client that uses one session id in two pools', () => {
  test.each(Object.keys(ENDS) as (keyof typeof ENDS)[])(
    'keeps what it holds in the one if, in the other, %s',
    async (end) => {
      const { client, context } = stack;
      const [one, two] = [await createWork(client), await createWork(client)];
      await request(stack, 'PATCH', `/work_pools/${one.pool}`, { recovery: { on_loss: 'crash' } });
      const me = await openSession(client, one.pool);
      const first = { worker_name: me.worker, started: true as const, capacity: 5, runs: [] };
      await client.heartbeat({ name: two.pool, session_id: me.session, body: first });
      await createRuns(client, one.deployment.id, 1);
      await createRuns(client, two.deployment.id, 1);
      const [lost] = (await claimRuns(client, one.pool, me, { start: true })).runs;
      const [kept] = (await claimRuns(client, two.pool, me, { start: true })).runs;
      if (!lost || !kept) throw new Error('nothing was claimed');
      // In each pool it is told of what it holds there.
      const told = await beat(client, one.pool, me, { runs: [] });
      expect(told.unknown.map(({ flow_run }) => flow_run.id)).toEqual([lost.flow_run.id]);

      await ENDS[end]({ me, former: one.pool, latter: two.pool });
      await sweep(context);
      const { state } = await client.readFlowRun({ id: kept.flow_run.id });
      expect(state?.type).toBe('RUNNING');
      if (end !== 'the pool is deleted') {
        const gone = await client.readFlowRun({ id: lost.flow_run.id });
        expect(gone.state?.type).toBe('CRASHED');
      }
      await beat(client, two.pool, me, { runs: [{ id: kept.flow_run.id, attempt: 1 }] });
      expect((await propose(client, kept, 'COMPLETED')).status).toBe('ACCEPT');
    },
    60_000,
  );
});
