import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, openSession, propose } from '../support/work.ts';
import { createLimitedWork, heldOf, SCOPES } from './world/limited-work.ts';

/**
 * Prefect accepts 20 of 20 direct claims at a limit of 1, and two polling workers run four flows at
 * a limit of 2. In dibs, the claim's own transaction takes the slot.
 */
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const AT_ONCE = 20;
const workers = Array.from({ length: AT_ONCE }, (_, i) => `worker-${i}`);

/** A proposal of a Prefect worker, which identifies itself only by its name. */
const asWorker = (worker: string, id: string, type: 'PENDING' | 'RUNNING' | 'COMPLETED') =>
  stack.client.setState({
    id,
    body: { state: { type, state_details: { transition_id: randomUUID() } } },
    headers: { 'x-prefect-worker-name': worker },
  });

describe.concurrent.each(SCOPES)('at a limit of 1 for the %s', (kind) => {
  test('20 workers set 20 runs PENDING at once: one is admitted, the others wait', async () => {
    const { client } = stack;
    const work = await createLimitedWork(client, { [kind]: 1 });
    const ids = await createRuns(client, work.deployment.id, AT_ONCE);
    const answers = await Promise.all(
      workers.map(async (worker, i) => {
        const id = ids[i] ?? '';
        return { worker, id, answer: await asWorker(worker, id, 'PENDING') };
      }),
    );
    const told = answers.map(({ answer: { status, state } }) =>
      [status, state?.type, state?.name].join(' '),
    );
    expect(told.filter((text) => text === 'ACCEPT PENDING Pending')).toHaveLength(1);
    const waiting = told.filter((text) => text === 'REJECT SCHEDULED AwaitingConcurrencySlot');
    expect(waiting).toHaveLength(AT_ONCE - 1);
    expect(await heldOf(client, kind, work)).toBe(1);

    const [admitted] = answers.filter(({ answer }) => answer.status === 'ACCEPT');
    const { worker = '', id = '' } = admitted ?? {};
    expect((await asWorker(worker, id, 'RUNNING')).status).toBe('ACCEPT');
    expect(await heldOf(client, kind, work)).toBe(1);
    expect((await asWorker(worker, id, 'COMPLETED')).status).toBe('ACCEPT');
    expect(await heldOf(client, kind, work)).toBe(0);
    const next = answers.find(({ answer }) => answer.status === 'REJECT');
    expect(await asWorker(next?.worker ?? '', next?.id ?? '', 'PENDING')).toMatchObject({
      status: 'ACCEPT',
    });
  });

  test('20 sessions claim at once: one is given one run, the others nothing', async () => {
    const { client } = stack;
    const work = await createLimitedWork(client, { [kind]: 1 });
    await createRuns(client, work.deployment.id, AT_ONCE);
    const sessions = await Promise.all(workers.map(() => openSession(client, work.pool)));
    const claimAll = async () => {
      const claims = sessions.map((session) => claimRuns(client, work.pool, session, { limit: 5 }));
      return (await Promise.all(claims)).flatMap(({ runs }) => runs);
    };
    let done = 0;
    for (; done < 3; done++) {
      const [run, ...others] = await claimAll();
      if (!run) throw new Error('nothing was admitted');
      expect(others).toEqual([]);
      expect(await heldOf(client, kind, work)).toBe(1);
      expect(await claimAll()).toEqual([]);
      await propose(client, run, 'RUNNING');
      expect((await propose(client, run, 'COMPLETED')).status).toBe('ACCEPT');
    }
  });

  test('20 workers and 20 sessions at once: one of all of them is admitted', async () => {
    const { client } = stack;
    const work = await createLimitedWork(client, { [kind]: 1 });
    const ids = await createRuns(client, work.deployment.id, AT_ONCE);
    const sessions = await Promise.all(workers.map(() => openSession(client, work.pool)));
    const [direct, polled] = await Promise.all([
      Promise.all(workers.map((worker, i) => asWorker(worker, ids[i] ?? '', 'PENDING'))),
      Promise.all(sessions.map((session) => claimRuns(client, work.pool, session))),
    ]);
    const admitted = direct.filter(({ status }) => status === 'ACCEPT').length;
    const claimed = polled.flatMap(({ runs }) => runs).length;
    expect({ admitted: admitted + claimed }).toEqual({ admitted: 1 });
    expect(await heldOf(client, kind, work)).toBe(1);
  });
});
