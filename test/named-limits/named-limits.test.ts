import { afterAll, beforeAll, expect, test } from 'vitest';
import { expireLeases, giveLeaseBack } from '../../core/named-limits/give-slots-back.ts';
import { MINUTE, SECOND } from '../../model/values/instant.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { exchange, request } from '../support/http.ts';
import { interrupted } from '../support/interrupted.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Two processes of the server on one table. */
let clock: MovableClock;
let stacks: TestStack[];
beforeAll(async () => {
  clock = movableClock();
  const context = { now: clock.now };
  const first = await startTestStack({ context });
  stacks = [first, await startTestStack({ context, table: first })];
});
afterAll(() => Promise.all(stacks.map((stack) => stack.stop())));

const stackOf = (i: number) => stacks[i % 2] as TestStack;
const create = (name: string, limit: number, more: object = {}) =>
  request(stackOf(0), 'POST', '/v2/concurrency_limits/', { name, limit, ...more });
const out = async (name: string): Promise<number> =>
  (await request(stackOf(1), 'GET', `/v2/concurrency_limits/${name}`)).body.active_slots;
const take = (i: number, names: readonly string[], more: object = {}) =>
  request(stackOf(i), 'POST', '/v2/concurrency_limits/increment-with-lease', {
    names,
    slots: 1,
    mode: 'concurrency',
    lease_duration: 60,
    ...more,
  });
const giveBack = (i: number, lease_id: string) =>
  request(stackOf(i), 'POST', '/v2/concurrency_limits/decrement-with-lease', { lease_id });
const renew = (id: string) =>
  request(stackOf(0), 'POST', `/v2/concurrency_limits/leases/${id}/renew`, { lease_duration: 60 });

test('40 that take at once of two processes: as many as the limit has, and both names or none', async () => {
  await create('three', 3);
  await create('ten', 10);
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => take(i, i % 2 ? ['three', 'ten'] : ['ten', 'three'])),
  );
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(3);
  expect(answers.filter(({ status }) => status === 423)).toHaveLength(37);
  expect([await out('three'), await out('ten')]).toEqual([3, 3]);

  // Each is given back four times at once, and counts once.
  await Promise.all(won.flatMap(({ body }) => [0, 1, 2, 3].map((i) => giveBack(i, body.lease_id))));
  expect([await out('three'), await out('ten')]).toEqual([0, 0]);
}, 60_000);

test('takers and givers at once never see more than the limit, and leave none out', async () => {
  await create('churn', 2);
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      for (let done = 0; done < 5; ) {
        const { status, body } = await take(i, ['churn']);
        if (status !== 200) continue;
        inside += 1;
        most = Math.max(most, inside);
        inside -= 1;
        await giveBack(i + 1, body.lease_id);
        done += 1;
      }
    }),
  );
  expect(most).toBeLessThanOrEqual(2);
  expect(await out('churn')).toBe(0);
}, 60_000);

test('423 says when to ask again', async () => {
  await create('full', 1);
  await take(0, ['full']);
  const answer = await exchange(stackOf(0), 'POST', '/v2/concurrency_limits/increment-with-lease', {
    names: ['full'],
    slots: 1,
    mode: 'concurrency',
  });
  expect(answer.status).toBe(423);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.body).toMatchObject({ code: 'concurrency_slots_taken' });
});

test.each([
  ['of an unknown type', { type: 'worker', id: crypto.randomUUID() }],
  ['without an id', { type: 'flow_run' }],
  ['whose id is none', { type: 'flow_run', id: 'me' }],
  ['with more than that', { type: 'flow_run', id: crypto.randomUUID(), name: 'me' }],
  ['that is a text', 'me'],
])('a holder %s is refused, and takes nothing', async (_, holder) => {
  const name = `held-${crypto.randomUUID()}`;
  await create(name, 1);
  expect((await take(0, [name], { holder })).status).toBe(422);
  expect(await out(name)).toBe(0);
});

test('who finds a tag, or a limit, full or too small is told so in words of Prefect', async () => {
  const tag = crypto.randomUUID();
  const tags = (path: string, body: object) =>
    request(stackOf(0), 'POST', `/concurrency_limits/${path}`, body);
  const ask = (names: string[]) => tags('increment', { names, task_run_id: crypto.randomUUID() });
  await tags('', { tag, concurrency_limit: 1 });
  await ask([tag]);
  const full = await ask([tag]);
  const detail = `Concurrency limit for the ${tag} tag has been reached`;
  expect(full).toMatchObject({ status: 423, body: { detail } });
  const large = await take(0, [`tag:${tag}`], { slots: 2 });
  const tooLarge = 'Slots requested is greater than the limit';
  expect(large).toMatchObject({ status: 422, body: { detail: tooLarge } });
});

test('slots of a holder that is gone come back when its lease has lapsed, once', async () => {
  await create('left', 1);
  const { body } = await take(0, ['left'], {
    holder: { type: 'flow_run', id: crypto.randomUUID() },
  });
  clock.jump(50 * SECOND);
  expect((await renew(body.lease_id)).status).toBe(204);
  clock.jump(50 * SECOND);
  await expireLeases(stackOf(0).context);
  expect(await out('left')).toBe(1);
  clock.jump(20 * SECOND);
  expect((await renew(body.lease_id)).status).toBe(410);
  await Promise.all([
    ...stacks.map((stack) => expireLeases(stack.context)),
    giveBack(0, body.lease_id),
  ]);
  expect(await out('left')).toBe(0);
  expect((await take(0, ['left'])).status).toBe(200);
});

test('nobody but the sweeper has to give back what a lapsed lease holds', async () => {
  await create('abandoned', 1);
  await take(0, ['abandoned']);
  clock.jump(120 * SECOND);
  expect(await out('abandoned')).toBe(1);
  await expireLeases(stackOf(0).context);
  expect(await out('abandoned')).toBe(0);
});

test('a lease that is renewed while it is swept is kept', async () => {
  await create('kept', 1);
  const { body } = await take(0, ['kept']);
  const { store } = stackOf(0).context;
  const read = await store.readSlotLease(body.lease_id);
  if (!read) throw new Error('no lease');
  expect((await renew(body.lease_id)).status).toBe(204);
  expect(await store.endSlotLease(read, [], 'unrenewed')).toBe('over');
  expect(await out('kept')).toBe(1);
});

test('a lease that is given back while it is renewed is gone, and so are its slots', async () => {
  await create('leaving', 1);
  const { body } = await take(0, ['leaving']);
  const act = interrupted(stackOf(0).context, 1, () => renew(body.lease_id));
  await giveLeaseBack(act.context, body.lease_id);
  expect(act.wasInterrupted()).toBe(true);
  expect(await out('leaving')).toBe(0);
  expect((await renew(body.lease_id)).status).toBe(410);
});

test('slots that are given back while their limit is not active are free when it is again', async () => {
  await create('paused', 2);
  const act = (verb: string) =>
    request(stackOf(0), 'POST', `/v2/concurrency_limits/${verb}`, { names: ['paused'], slots: 2 });
  const activate = (active: boolean) =>
    request(stackOf(0), 'PATCH', '/v2/concurrency_limits/paused', { active });
  expect((await act('increment')).status).toBe(200);
  await activate(false);
  expect((await act('decrement')).status).toBe(200);
  expect(await out('paused')).toBe(0);
  // What is taken meanwhile is not counted, so giving it back frees nobody else's slots.
  await act('increment');
  await activate(true);
  expect((await act('increment')).status).toBe(200);
  await act('decrement');
  expect(await out('paused')).toBe(2);
  await act('decrement');
  expect(await out('paused')).toBe(0);
});

test('a task run that asks twice for a slot of its tag holds one', async () => {
  const tags = (method: string, path: string, body?: object) =>
    request(stackOf(0), method, `/concurrency_limits/${path}`, body);
  await tags('POST', '', { tag: 'once', concurrency_limit: 1 });
  const ask = { names: ['once'], task_run_id: crypto.randomUUID() };
  const answers = await Promise.all([0, 1, 2].map(() => tags('POST', 'increment', ask)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await out('tag:once')).toBe(1);
  await tags('POST', 'decrement', ask);
  expect(await out('tag:once')).toBe(0);
});

test('a limit that is renamed, or deleted and made anew, gets its own slots back and no others', async () => {
  await create('before', 2);
  const first = (await take(0, ['before'])).body.lease_id;
  await request(stackOf(0), 'PATCH', '/v2/concurrency_limits/before', { name: 'after' });
  await giveBack(0, first);
  expect(await out('after')).toBe(0);
  const second = (await take(0, ['after'])).body.lease_id;
  await request(stackOf(0), 'DELETE', '/v2/concurrency_limits/after');
  await create('after', 2, { active_slots: 1 });
  await giveBack(0, second);
  expect(await out('after')).toBe(1);
});

test('a rate is spent, and comes back with time', async () => {
  await create('rate', 2, { slot_decay_per_second: 0.1 });
  const spend = () => take(0, ['rate'], { mode: 'rate_limit' });
  const answers = [await spend(), await spend(), await spend()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 423]);
  expect(answers[2]?.body.retry_after).toBeGreaterThan(5);
  clock.jump(11 * SECOND);
  expect((await spend()).status).toBe(200);
  expect((await spend()).status).toBe(423);
  clock.jump(MINUTE);
  expect(await out('rate')).toBe(0);
});

test('slots of a tag are free again after a reset, and go to who is named then', async () => {
  const tags = (method: string, path: string, body?: object) =>
    request(stackOf(0), method, `/concurrency_limits/${path}`, body);
  await tags('POST', '', { tag: 'db', concurrency_limit: 1 });
  const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
  await tags('POST', 'increment', { names: ['db'], task_run_id: one });
  expect((await tags('POST', 'tag/db/reset', { slot_override: [two] })).status).toBe(200);
  expect((await tags('GET', 'tag/db')).body.active_slots).toEqual([two]);
  expect((await tags('POST', 'increment', { names: ['db'], task_run_id: one })).status).toBe(423);
});
