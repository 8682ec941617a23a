import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../model/runs/run.ts';
import type { Store } from '../../model/store.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { readRun, stateOf } from '../support/run-writes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** Each condition of the writes that create or delete a run, or leave its state alone. */
let stack: TestStack;
let store: Store;
let deploymentId: string;
beforeAll(async () => {
  stack = await startTestStack({ onClient: meetOverTombstones });
  store = stack.context.store;
  deploymentId = (await createWork(stack.client)).deployment.id;
});
afterAll(() => stack.stop());

/** Writes over a tombstone wait for one another: so each has been decided on the same tombstone. */
let meeting: { readonly of: number; readonly open: () => void; arrived: number } | undefined;
function meetOverTombstones(client: DynamoDBClient): void {
  let opened = Promise.resolve();
  client.middlewareStack.add(
    (next) => async (args) => {
      const { ConditionExpression: condition } = args.input as { ConditionExpression?: string };
      if (meeting && condition?.includes('deleted')) {
        const { promise, resolve } = Promise.withResolvers<void>();
        if (meeting.arrived === 0) {
          opened = promise;
          meeting = { ...meeting, open: resolve };
        }
        meeting.arrived++;
        if (meeting.arrived === meeting.of) meeting.open();
        await opened;
      }
      return next(args);
    },
    { step: 'initialize' },
  );
}

const waitingRun = async () =>
  readRun(stack, (await createRuns(stack.client, deploymentId, 1))[0] ?? randomUUID());

const label = (run: Run, labels: object) =>
  store.updateLabels(run, { labels: JsonText.of(labels), patchedAt: stack.context.now() });

describe('creating and patching', () => {
  test('itIsNew: what is there is not created over', async () => {
    const before = await waitingRun();
    const { id, createdAt, flowId, expectedAt, inLane } = before;
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
      state: stateOf(stack, 'SCHEDULED'),
    };
    expect(await store.createRun(again)).toEqual({ run: before, created: false });
  });

  test('itExists: what is not there is not made by a change of it', async () => {
    const id = randomUUID();
    const change = { name: 'x', patchedAt: stack.context.now() };
    expect(await store.updateRun(id, change, undefined)).toMatchObject({ done: false });
    expect(await store.readRun(id)).toBeUndefined();
  });
});

describe('labels', () => {
  test('itHasNoLabels: the first ones are not laid over others that came first', async () => {
    const run = await waitingRun();
    expect(await label(run, { a: 1 })).toBe(true);
    expect(await label(run, { b: 1 })).toBe(false);
  });

  test('theLabelsAreTheOnesRead: nor are later ones', async () => {
    const first = await waitingRun();
    await label(first, { a: 1 });
    const run = await readRun(stack, first.id);
    expect(await label(run, { a: 2 })).toBe(true);
    expect(await label(run, { a: 3 })).toBe(false);
    expect((await readRun(stack, run.id)).labels?.text).toBe('{"a":2}');
  });
});

describe('deleting', () => {
  const DAY = 86_400_000_000;
  const keyed = async () => {
    const { id } = await stack.client.createFlowRunFromDeployment({
      id: deploymentId,
      body: { idempotency_key: randomUUID() },
    });
    return readRun(stack, id);
  };
  const leaves = () => ({ until: stack.context.now() + DAY });

  test('theStateIsTheOneRead: a run that has moved on is not deleted as it was', async () => {
    const run = await waitingRun();
    await stack.client.setState({
      id: run.id,
      body: { state: { type: 'CANCELLED' }, force: true },
    });
    expect(await store.deleteRun(run, undefined)).toMatchObject({
      done: false,
      run: { stateType: 'CANCELLED' },
    });
  });

  test('itIsARun: a tombstone is not patched', async () => {
    const run = await keyed();
    await store.deleteRun(run, leaves());
    const change = { name: 'new', patchedAt: stack.context.now() };
    expect(await store.updateRun(run.id, change, undefined)).toEqual({ done: false });
  });

  test('itIsTheTombstoneRead: of creates over one tombstone, the later ones find a run', async () => {
    const run = await keyed();
    await store.deleteRun(run, leaves());
    const state = run.states[0];
    if (!state) throw new Error('no state');
    const fresh = () => ({ ...run, state: { ...state, id: randomUUID() } });
    expect((await store.createRun(fresh(), { unlessDeleted: true })).created).toBe(false);
    expect(await store.readRun(run.id)).toBeUndefined();
    meeting = { of: 3, open: () => {}, arrived: 0 };
    const made = await Promise.all([fresh(), fresh(), fresh()].map((one) => store.createRun(one)));
    meeting = undefined;
    expect(made.filter(({ created }) => created)).toHaveLength(1);
  });
});
