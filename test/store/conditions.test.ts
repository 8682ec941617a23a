import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool, readPool } from '../../core/pools/pools.ts';
import { blindClaim, blindTransition, decidedTransition } from '../../core/states/transition.ts';
import type { BlockDocument, BlockType } from '../../model/blocks.ts';
import type { Limit, Scope } from '../../model/limits.ts';
import { DEFAULT_RECOVERY, type WorkQueue } from '../../model/pools.ts';
import type { Guard } from '../../model/runs/claim-store.ts';
import type { Run } from '../../model/runs/run.ts';
import { defaultName, type StateType } from '../../model/runs/state.ts';
import { GRACE_BY_KIND, type Session } from '../../model/sessions.ts';
import type { Store } from '../../model/store.ts';
import { EMPTY_OBJECT } from '../../model/values/json-text.ts';
import { createDynamoStore } from '../../store/index.ts';
import { freshTable } from '../support/dynamodb.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/**
 * Each condition of each write, by itself: the write that it is there to stop, and that it is stopped.
 * `npm run test:mutate` takes the conditions away one by one, and asks that something here fails.
 */
let stack: TestStack;
let store: Store;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
});
afterAll(() => stack.stop());

const now = () => stack.context.now();

const blockType = (): BlockType => ({
  id: randomUUID(),
  slug: `type-${randomUUID()}`,
  name: 'a type',
  logoUrl: null,
  documentationUrl: null,
  description: null,
  codeExample: null,
  createdAt: now(),
  updatedAt: now(),
});

const blockDocument = (): BlockDocument => ({
  id: randomUUID(),
  name: `document-${randomUUID()}`,
  blockTypeId: randomUUID(),
  blockSchemaId: randomUUID(),
  isAnonymous: false,
  data: EMPTY_OBJECT,
  generation: 1,
  createdAt: now(),
  updatedAt: now(),
});

async function waitingRun(): Promise<Run> {
  const { deployment } = await createWork(stack.client);
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  return read(id);
}

async function read(id: string): Promise<Run> {
  const run = await store.readRun(id);
  if (!run) throw new Error('the run is gone');
  return run;
}

const stateOf = (type: StateType, at = now()) => ({
  id: randomUUID(),
  type,
  name: defaultName(type),
  at,
});

function claim(run: Run, more: { at?: number; takes?: []; attempts?: number } = {}) {
  const { at = now(), attempts = run.attempt } = more;
  const mine = {
    sessionId: randomUUID(),
    claimId: randomUUID(),
    secret: stack.context.newSecret(),
  };
  return store.claim({
    runId: run.id,
    claim: mine,
    state: { ...stateOf('PENDING', at), claimedBy: mine.sessionId },
    takes: more.takes ?? [],
    attempts,
    now: at,
    deadline: now() + 5_000_000,
  });
}

async function heldRun(): Promise<Run> {
  const written = await claim(await waitingRun());
  if (!written.won) throw new Error('the claim was lost');
  return written.run;
}

/** Sets a state whatever the rules say. */
async function force(run: Run, type: StateType, claimEnds = false): Promise<Run> {
  const to = decidedTransition(run, stateOf(type), { kind: claimEnds ? 'end' : 'keep' });
  expect(await store.transition(to, { kind: 'decided', run })).toEqual({ done: true });
  return read(run.id);
}

const plain = (
  run: Run,
  from: StateType[],
  more: Partial<Guard & { kind: 'plain' }> = {},
): Guard => ({
  kind: 'plain',
  from,
  by: { kind: 'claim', attempt: run.attempt, secret: run.claim?.secret ?? '' },
  ends: false,
  ...more,
});

const isLost = async (run: Run, type: StateType, guard: Guard, id = randomUUID()) => {
  const state = { ...stateOf(type), id };
  const done = (await store.transition(blindTransition(run.id, state), guard)).done;
  return !done;
};

const decidedIsLost = async (run: Run, guard: Guard) => {
  const to = decidedTransition(run, stateOf('SCHEDULED'), { kind: 'end' });
  return !(await store.transition(to, guard)).done;
};

describe('a claim', () => {
  test('nobodyHoldsIt: what somebody holds is not claimed, whatever its state', async () => {
    const held = await heldRun();
    const waits = await force(held, 'SCHEDULED');
    expect(await claim(waits)).toMatchObject({ won: false, run: { claim: held.claim } });
  });

  test('itIsScheduled: a run that has ended is not claimed, whatever an old index says', async () => {
    const ended = await force(await waitingRun(), 'COMPLETED');
    expect((await claim(ended)).won).toBe(false);
  });

  test('itsTimeHasCome: a run is not claimed before its time', async () => {
    const run = await waitingRun();
    expect((await claim(run, { at: (run.scheduledAt ?? 0) - 1 })).won).toBe(false);
  });

  test('itWasClaimedSoOften: slots name the attempt that the claim will be', async () => {
    const run = await waitingRun();
    const { scope, take } = await limitOf(1);
    const mine = {
      sessionId: randomUUID(),
      claimId: randomUUID(),
      secret: stack.context.newSecret(),
    };
    const attempt = {
      runId: run.id,
      claim: mine,
      state: stateOf('PENDING'),
      takes: [take(0)],
      now: now(),
      deadline: now() + 5_000_000,
    };
    expect((await store.claim({ ...attempt, attempts: 7 })).won).toBe(false);
    expect((await store.readSlots(scope)).held).toEqual([]);
    expect((await store.claim({ ...attempt, attempts: 0 })).won).toBe(true);
  });
});

describe("the blind claim of Prefect's path", () => {
  const claimOf = (run: Run, more: { queueId?: string; deploymentId?: string } = {}) => {
    const { queueId = '', deploymentId = '' } = { ...run, ...more };
    const mine = {
      sessionId: randomUUID(),
      claimId: randomUUID(),
      secret: 'AAAAAAAAAAAAAAAAAAAAAA',
    };
    return store.transition(
      blindClaim(run.id, stateOf('PENDING'), mine),
      plain(run, ['SCHEDULED'], { by: { kind: 'nobody', at: now(), queueId, deploymentId } }),
    );
  };

  test('nobodyHoldsIt: what somebody holds is not claimed', async () => {
    const held = await force(await heldRun(), 'SCHEDULED');
    expect(await claimOf(held)).toMatchObject({ done: false, run: { claim: held.claim } });
  });

  test('itIsOfThisQueueAndDeployment: nor another run than the one that is remembered', async () => {
    const run = await waitingRun();
    expect((await claimOf(run, { queueId: randomUUID() })).done).toBe(false);
    expect((await claimOf(run, { deploymentId: randomUUID() })).done).toBe(false);
    expect((await claimOf(run)).done).toBe(true);
  });
});

describe('the blind write of a holder', () => {
  test('thisClaimIsCurrent: by another token it is no holder', async () => {
    const run = await heldRun();
    const { attempt } = run;
    const by = (secret: string, of: number) =>
      plain(run, ['PENDING'], { by: { kind: 'claim', secret, attempt: of } });
    expect(await isLost(run, 'RUNNING', by(stack.context.newSecret(), attempt))).toBe(true);
    expect(await isLost(run, 'RUNNING', by(run.claim?.secret ?? '', attempt + 1))).toBe(true);
  });

  test('thisSessionHoldsIt: by a name alone, only what the session of that name holds', async () => {
    const run = await heldRun();
    const by = (sessionId: string) =>
      plain(run, ['PENDING'], { by: { kind: 'session', sessionId } });
    expect(await isLost(run, 'RUNNING', by(randomUUID()))).toBe(true);
    expect(await isLost(run, 'RUNNING', by(run.claim?.sessionId ?? ''))).toBe(false);
  });

  test('theStateIsOneOf: only from the states where the answer is a plain ACCEPT', async () => {
    const run = await heldRun();
    expect(await isLost(run, 'COMPLETED', plain(run, ['RUNNING']))).toBe(true);
  });

  test('notAnsweredBefore: the same transition sent again finds its answer, and acts no more', async () => {
    const run = await heldRun();
    const id = randomUUID();
    expect(await isLost(run, 'RUNNING', plain(run, ['PENDING', 'RUNNING']), id)).toBe(false);
    expect(await isLost(run, 'RUNNING', plain(run, ['PENDING', 'RUNNING']), id)).toBe(true);
  });

  test('retriesAreUsedUp: FAILED with a retry left is no plain FAILED', async () => {
    const run = await force(await heldRun(), 'RUNNING');
    await store.updateRun(run.id, { retries: 3, patchedAt: now() }, undefined);
    const guard = plain(run, ['RUNNING'], { noRetryLeft: true });
    expect(await isLost(run, 'FAILED', guard)).toBe(true);
  });

  test('historyIsShort: a long history is cut by a write that has read it', async () => {
    const run = await force(await heldRun(), 'RUNNING');
    for (let states = 3; states < 30; states++) {
      expect(await isLost(run, 'RUNNING', plain(run, ['RUNNING']))).toBe(false);
    }
    expect(await isLost(run, 'RUNNING', plain(run, ['RUNNING']))).toBe(true);
  });

  test('itHoldsNoSlot: what holds a slot is not ended without freeing it', async () => {
    const run = await heldRun();
    const { scope } = await limitOf(1);
    expect(await store.grantSlot({ run, scope, k: 0, at: now() })).toBe('granted');
    const guard = plain(run, ['PENDING'], { ends: true });
    expect(await isLost(run, 'CRASHED', guard)).toBe(true);
    // Nor on a decision that was made before it got its slot.
    expect(await decidedIsLost(run, { kind: 'decided', run })).toBe(true);
  });
});

describe('a decided write', () => {
  test('theStateIsTheOneRead: is decided again where the state has changed', async () => {
    const run = await heldRun();
    await force(run, 'RUNNING');
    expect(await decidedIsLost(run, { kind: 'decided', run })).toBe(true);
  });

  test('itsSlotsAreTheOnesRead: and where it was granted another slot', async () => {
    const run = await heldRun();
    const [one, two] = [await limitOf(1), await limitOf(1)];
    await store.grantSlot({ run, scope: one.scope, k: 0, at: now() });
    const before = await read(run.id);
    await store.grantSlot({ run: before, scope: two.scope, k: 0, at: now() });
    expect(await decidedIsLost(before, { kind: 'decided', run: before })).toBe(true);
  });

  test('thisSessionHoldsIt: recovery takes from the session it looks after, and from no other', async () => {
    const run = await heldRun();
    expect(await decidedIsLost(run, { kind: 'decided', run, heldBy: randomUUID() })).toBe(true);
  });

  test('nobodyPatchedIt, thePatchIsTheOneRead: a sign of life saves an idle claim', async () => {
    const run = await heldRun();
    const patch = () =>
      store.updateRun(run.id, { infrastructurePid: '1', patchedAt: now() }, undefined);
    await patch();
    expect(await decidedIsLost(run, { kind: 'decided', run, untouched: true })).toBe(true);
    const patched = await read(run.id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await patch();
    const guard: Guard = { kind: 'decided', run: patched, untouched: true };
    expect(await decidedIsLost(patched, guard)).toBe(true);
  });
});

/** A limit of a scope that is used for nothing else. */
async function limitOf(limit: number) {
  const scope: Scope = { kind: 'deployment', id: randomUUID() };
  const record: Limit = { scope, limit, version: 1, settlesAt: null, strategy: 'ENQUEUE' };
  expect(await store.writeLimit(record)).toBe(true);
  return { scope, record, take: (k: number) => ({ scope, k, version: 1 }) };
}

async function claimUnder(
  run: Run,
  takes: ReturnType<Awaited<ReturnType<typeof limitOf>>['take']>[],
) {
  const mine = {
    sessionId: randomUUID(),
    claimId: randomUUID(),
    secret: stack.context.newSecret(),
  };
  return store.claim({
    runId: run.id,
    claim: mine,
    state: { ...stateOf('PENDING'), claimedBy: mine.sessionId },
    takes,
    attempts: run.attempt,
    now: now(),
    deadline: now() + 5_000_000,
  });
}

describe('limits', () => {
  test('theSlotIsFree: one slot goes to one claim', async () => {
    const { take } = await limitOf(1);
    expect((await claimUnder(await waitingRun(), [take(0)])).won).toBe(true);
    const second = await waitingRun();
    expect(await claimUnder(second, [take(0)])).toEqual({
      won: false,
      run: undefined,
      slotsChanged: true,
    });
    expect((await read(second.id)).claim).toBeUndefined();
  });

  test('theLimitIsTheOneRead: a claim on an older limit is decided again, and so is a change', async () => {
    const { record, take } = await limitOf(2);
    expect(await store.writeLimit({ ...record, limit: 1, version: 2 })).toBe(true);
    expect(await claimUnder(await waitingRun(), [take(1)])).toMatchObject({ slotsChanged: true });
    expect(await store.writeLimit({ ...record, limit: 9, version: 2 })).toBe(false);
    expect((await store.readSlots(record.scope)).limit.limit).toBe(1);
  });

  test("theSlotIsMineOrGone: a finish leaves alone what is somebody else's, and does not fail for it", async () => {
    const { scope, take } = await limitOf(1);
    const first = await claimUnder(await waitingRun(), [take(0)]);
    if (!first.won) throw new Error('lost');
    const [slot] = (await store.readSlots(scope)).held;
    if (!slot) throw new Error('no slot');
    await store.freeSlot(scope, slot);
    const second = await claimUnder(await waitingRun(), [take(0)]);
    await force(first.run, 'COMPLETED', true);
    expect((await store.readSlots(scope)).held).toMatchObject([
      { runId: second.won ? second.run.id : '' },
    ]);
  });

  test('itIsListedThere: what is claimed meanwhile is not listed as waiting', async () => {
    const run = await heldRun();
    const entry = { runId: run.id, attempts: 0, at: 0, inLane: false };
    const place = { queueId: run.queueId ?? '', deploymentId: run.deploymentId ?? '' };
    expect(await store.moveToLane(entry, place)).toBe(false);
  });
});

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

describe('records', () => {
  test('itIsNew: what is there is not created over', async () => {
    const { id } = await waitingRun().then((run) => run);
    const before = await read(id);
    const { createdAt, flowId, expectedAt, inLane } = before;
    const again = {
      id,
      flowId,
      createdAt,
      expectedAt,
      inLane,
      tags: [],
      parameters: { text: '{}' },
      attempt: 0,
      runCount: 0,
      state: stateOf('SCHEDULED'),
    };
    expect(await store.createRun(again)).toEqual({ run: before, created: false });
  });

  test('itExists: what is not there is not made by a change of it', async () => {
    const id = randomUUID();
    expect(await store.updateRun(id, { name: 'x', patchedAt: now() }, undefined)).toMatchObject({
      done: false,
    });
    expect(await store.readRun(id)).toBeUndefined();
    const change = { isPaused: true, recovery: DEFAULT_RECOVERY };
    expect(await store.updatePool({ id, name: `no-${id}` }, change)).toBe('missing');
    expect(await store.updateFlow(id, { tags: [], updatedAt: now() })).toBe('missing');
    expect(await store.readFlows([id])).toEqual([]);
    expect(await store.updateBlockType({ ...blockType(), id })).toBe('missing');
    expect(await store.readBlockType(id)).toBeUndefined();
  });

  test('itIsTheOneRead: what was created anew under the same name is not changed, nor deleted', async () => {
    const { pool: name } = await createWork(stack.client);
    const before = await readPool(stack.context, name);
    const [queue] = await store.listQueues(before.id, 'fresh');
    expect(await store.deletePool(before, now())).toBe(true);
    expect(await store.deletePool(before, now())).toBe(false);
    await createPool(stack.context, { name });
    expect(await store.updatePool(before, { isPaused: true })).toBe('missing');
    expect(await store.deletePool(before, now())).toBe(false);
    expect((await readPool(stack.context, name)).isPaused).toBe(false);
    const former = { ...(queue as WorkQueue), id: randomUUID() };
    expect(await store.updateQueue(former, { isPaused: true })).toBe('missing');
    expect(await store.deleteQueue(former, now())).toBe(false);
    expect((await store.listQueues(before.id, 'fresh'))[0]?.isPaused).toBe(false);
  });

  test('theQueuesAreTheOnesRead: of two queues that take the same place one is placed anew', async () => {
    const { pool: name } = await createWork(stack.client);
    const pool = await readPool(stack.context, name);
    const [found] = await store.listQueues(pool.id, 'fresh');
    const queue = (more: object) => ({ ...(found as WorkQueue), id: randomUUID(), ...more });
    const order = { pool, moved: [] };
    expect(await store.createQueue(queue({ name: 'a', priority: 2 }), order)).toBe('created');
    expect(await store.createQueue(queue({ name: 'b', priority: 2 }), order)).toBe('outrun');
    expect(await store.updateQueue(found as WorkQueue, { priority: 2 }, { order })).toBe('outrun');
    const names = (await store.listQueues(pool.id, 'fresh')).map((one) => one.name);
    expect(names).toEqual(['default', 'a']);
  });

  test('itExists: a stamp that comes late does not bring a deleted queue back', async () => {
    const id = randomUUID();
    await store.stampPolled([id]);
    expect(await store.readQueuePlace(id)).toBeUndefined();
  });

  test('itExists: what two delete at once is deleted by one of them', async () => {
    const { deployment, flow } = await createWork(stack.client);
    const [found] = await store.readDeployments([deployment.id]);
    if (!found) throw new Error('it is gone');
    const twice = () => store.deleteDeployment(found);
    expect((await Promise.all([twice(), twice()])).sort()).toEqual(['deleted', 'missing']);
    const ofFlow = () => store.deleteFlow(flow.id);
    expect((await Promise.all([ofFlow(), ofFlow()])).sort()).toEqual([false, true]);
    const document = blockDocument();
    await store.createBlockDocument(document);
    const ofBlock = () => store.deleteBlockDocument(document);
    expect((await Promise.all([ofBlock(), ofBlock()])).sort()).toEqual(['deleted', 'missing']);
  });

  test('itIsNew: of two blocks of one name the second is none', async () => {
    const type = blockType();
    expect(await store.createBlockType(type)).toBe('created');
    expect(await store.createBlockType({ ...type, name: 'another' })).toBe('exists');
    expect(await store.readBlockType(type.id)).toEqual(type);
    const document = blockDocument();
    expect(await store.createBlockDocument(document)).toBe('created');
    const second = { ...document, id: randomUUID() };
    expect(await store.createBlockDocument(second)).toBe('exists');
    expect(await store.readBlockDocument(second.id)).toBeUndefined();
  });

  test('itIsOfTheGenerationBefore: of two overwrites at once one is decided again', async () => {
    const { deployment } = await createWork(stack.client);
    const [found] = await store.readDeployments([deployment.id]);
    if (!found) throw new Error('it is gone');
    const next = { ...found, generation: found.generation + 1 };
    expect(await store.overwriteDeployment(next)).toBe('updated');
    expect(await store.overwriteDeployment(next)).toBe('outrun');
    const document = blockDocument();
    await store.createBlockDocument(document);
    const changed = { ...document, generation: 2 };
    expect(await store.updateBlockDocument(changed)).toBe('updated');
    expect(await store.updateBlockDocument(changed)).toBe('outrun');
  });

  test('itIsOfTheGenerationBefore: what was deleted meanwhile is not written again', async () => {
    const { deployment } = await createWork(stack.client);
    const [found] = await store.readDeployments([deployment.id]);
    if (!found) throw new Error('it is gone');
    await store.deleteDeployment(found);
    const next = { ...found, generation: found.generation + 1 };
    expect(await store.overwriteDeployment(next)).toBe('outrun');
    expect(await store.readDeployments([deployment.id])).toEqual([]);
  });
});
