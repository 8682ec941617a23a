import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GRACE_BY_KIND, type Session } from '../../model/sessions.ts';
import type { Store } from '../../model/store.ts';
import { createDynamoStore } from '../../store/index.ts';
import { freshTable } from '../support/dynamodb.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Each condition of the writes of sessions and of the service of a pool: the write that it stops. */
let stack: TestStack;
let store: Store;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
});
afterAll(() => stack.stop());

const now = () => stack.context.now();

const session = (poolId: string, more: Partial<Session> = {}): Session => ({
  id: randomUUID(),
  poolId,
  kind: 'agent',
  workerName: 'w',
  host: null,
  capacity: 1,
  running: 0,
  openedAt: now(),
  lastHeartbeatAt: now(),
  leaseExpiresAt: now() + 30_000_000,
  endedAt: null,
  draining: null,
  ...more,
});

describe('sessions', () => {
  test('theSessionIsOpen: what has ended is not renewed', async () => {
    const one = session(randomUUID());
    const { poolId, id: sessionId } = one;
    await store.openSession(one, undefined);
    expect(await store.endSession({ poolId, sessionId, at: now() })).toBe(true);
    const renewal = { poolId, sessionId, capacity: 1, running: 0, at: now(), endedAt: null };
    expect(await store.renewSession({ ...renewal, leaseExpiresAt: now() })).toBeUndefined();
    expect(await store.endSession({ poolId, sessionId, at: now() })).toBe(false);
  });

  test('theLeaseIsTheOneSeen: what was renewed since it was found lapsed is not ended', async () => {
    const one = session(randomUUID());
    const { poolId, id: sessionId } = one;
    await store.openSession(one, undefined);
    const leaseExpiresAt = (one.leaseExpiresAt ?? 0) + 1;
    expect(await store.endSession({ poolId, sessionId, at: now(), leaseExpiresAt })).toBe(false);
  });

  test('theNameIsFree: a live name is not given to another', async () => {
    const one = session(randomUUID());
    await store.openSession(one, undefined);
    const other = { ...one, id: randomUUID() };
    expect(await store.openSession(other, undefined)).toEqual({ nameHeldBy: one.id });
  });

  test('theNameIsMine: an end does not free a name that has gone to another', async () => {
    const one = session(randomUUID());
    const { poolId } = one;
    await store.openSession(one, undefined);
    const successor = { ...one, id: randomUUID() };
    expect(await store.openSession(successor, one.id)).toBe('opened');
    await store.endSession({ poolId, sessionId: one.id, at: now() });
    expect(await store.readSessionOfName(poolId, 'w')).toBe(successor.id);
  });
});

describe('service of a pool', () => {
  const { gap, grace } = GRACE_BY_KIND.agent;

  test('serviceGoesOn, serviceIsOlder: a gap ends with grace, and goes on without any', async () => {
    const table = await freshTable();
    let at = now();
    const timed = () => createDynamoStore({ ...table, now: () => at, random: Math.random });
    const stamp = () => timed().stampService('p', 'agent');
    const look = () => timed().readService('p', 'agent');
    await stamp();
    const first = await look();
    at += gap - 1;
    await stamp();
    expect(await look()).toEqual({ ...first, lastAt: at });
    at += gap + 1;
    await stamp();
    const after = { lastAt: at, graceUntil: at + grace, graceFor: at - gap - 1 };
    expect(await look()).toEqual(after);
    // A process whose clock is behind ends no gap a second time.
    at -= 5_000_000;
    await stamp();
    expect(await look()).toMatchObject({ graceUntil: after.graceUntil, graceFor: after.graceFor });
    // Of several that find the same gap at once, one ends it.
    at += 2 * gap;
    const before = await look();
    await Promise.all(Array.from({ length: 8 }, stamp));
    expect(await look()).toMatchObject({ lastAt: at, graceFor: before?.lastAt });
    table.client.destroy();
  });

  test('theGapIsTheOneSeen: grace is given once per gap, and not where service goes on', async () => {
    const pool = randomUUID();
    await store.stampService(pool, 'agent');
    const service = await store.readService(pool, 'agent');
    const gapSince = service?.lastAt ?? 0;
    await store.grantGrace(pool, 'agent', gapSince - 1, 1);
    expect(await store.readService(pool, 'agent')).toEqual(service);
    await store.grantGrace(pool, 'agent', gapSince, gapSince + 1);
    await store.grantGrace(pool, 'agent', gapSince, gapSince + 2);
    expect((await store.readService(pool, 'agent'))?.graceUntil).toBe(gapSince + 1);
  });
});
