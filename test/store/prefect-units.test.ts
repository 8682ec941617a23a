import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MeteredStack, startMeteredStack } from '../support/metered-stack.ts';
import { prefectWorker } from '../support/prefect-worker.ts';
import { createWork } from '../support/work.ts';

/** What a run costs that an unmodified Prefect worker and its engine execute. Exact. */
let stack: MeteredStack;
beforeAll(async () => {
  stack = await startMeteredStack();
});
afterAll(() => stack.stop());

test('a lifecycle by a worker and its engine costs 14 write units', async () => {
  const work = await createWork(stack.client);
  const worker = prefectWorker(stack, work);
  await worker.beat();
  const create = () =>
    stack.client.createFlowRunFromDeployment({ id: work.deployment.id, body: {} });
  // The first run of a day notes the day, and the first poll of a queue leaves its stamp.
  await create();
  await stack.client.pollWorkPool({ name: work.pool, body: {}, headers: worker.headers });

  const units: Record<string, number> = {};
  const spend = async <Result>(name: string, call: () => Promise<Result>): Promise<Result> => {
    stack.meter.take();
    const result = await call();
    units[name] = stack.meter.take().writes;
    return result;
  };
  const { id } = await spend('create', create);
  await spend('poll', () =>
    stack.client.pollWorkPool({ name: work.pool, body: {}, headers: worker.headers }),
  );
  const steps = {
    PENDING: worker.claim,
    labels: worker.label,
    Submitting: worker.submit,
    pid: worker.setPid,
    policy: worker.setPolicy,
    RUNNING: worker.start,
    COMPLETED: worker.complete,
  };
  for (const [name, step] of Object.entries(steps)) {
    expect((await spend(name, () => step(id))).status, name).toBeLessThan(300);
  }
  expect(units).toEqual({
    create: 4,
    poll: 0,
    PENDING: 3,
    labels: 1,
    Submitting: 1,
    pid: 1,
    policy: 1,
    RUNNING: 1,
    COMPLETED: 2,
  });
});
