import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runKey } from '../../store/table/keys.ts';
import { prefectWorker } from '../support/prefect-worker.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createWork, openSession, propose } from '../support/work.ts';

let stack: TestStack;
let client: DynamoDBClient;
beforeAll(async () => {
  stack = await startTestStack({
    onClient: (used) => {
      client = used;
    },
  });
});
afterAll(() => stack.stop());

test('the item of an ordinary run stays under 1 KB through its whole life', async () => {
  const work = await createWork(stack.client);
  const me = await openSession(stack.client, work.pool);
  const { id } = await stack.client.createFlowRunFromDeployment({
    id: work.deployment.id,
    body: {
      parameters: { path: 'node_modules/some-package/dist/a-file-with-a-long-name.js', n: 12345 },
      idempotency_key: 'nightly-2026-11-23',
      tags: ['nightly', 'eu'],
    },
  });
  const sizes: Record<string, number> = { SCHEDULED: await itemBytes(id) };
  const [run] = (await claimRuns(stack.client, work.pool, me)).runs;
  if (!run) throw new Error('nothing was claimed');
  sizes['PENDING'] = await itemBytes(id);
  await propose(stack.client, run, 'RUNNING');
  sizes['RUNNING'] = await itemBytes(id);
  await propose(stack.client, run, 'COMPLETED');
  sizes['COMPLETED'] = await itemBytes(id);
  for (const [state, bytes] of Object.entries(sizes)) {
    expect(bytes, `bytes while ${state}`).toBeLessThanOrEqual(1024);
  }
});

test("so does the item of a run that Prefect's worker and engine execute", async () => {
  const work = await createWork(stack.client);
  const worker = prefectWorker(stack, work);
  await worker.beat();
  const { id } = await stack.client.createFlowRunFromDeployment({
    id: work.deployment.id,
    body: { parameters: { path: 'data/2026-11-23.csv' }, tags: ['nightly', 'eu'] },
  });
  const life = {
    SCHEDULED: undefined,
    claimed: worker.claim,
    labelled: worker.label,
    Submitting: worker.submit,
    'with pid': worker.setPid,
    'with policy': worker.setPolicy,
    RUNNING: worker.start,
    COMPLETED: worker.complete,
  };
  const sizes: Record<string, number> = {};
  for (const [state, step] of Object.entries(life)) {
    if (step) expect((await step(id)).status, state).toBeLessThan(300);
    sizes[state] = await itemBytes(id);
  }
  expect((await stack.client.readFlowRun({ id })).state_type).toBe('COMPLETED');
  for (const [state, bytes] of Object.entries(sizes)) {
    expect(bytes, `bytes while ${state}`).toBeLessThanOrEqual(1024);
  }
});

async function itemBytes(runId: string): Promise<number> {
  const { Item } = await client.send(
    new GetCommand({ TableName: stack.tableName, Key: runKey(runId), ConsistentRead: true }),
  );
  return sizeOf({ M: marshall(Item) }) - 3;
}

/** As DynamoDB counts: names and texts in UTF-8, numbers by digits, 3 bytes and 1 per element more
 * for lists and maps. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.length;
  if (value.N !== undefined) return Math.ceil(value.N.replace(/\D/g, '').length / 2) + 1;
  if (value.L) return 3 + value.L.reduce((sum, element) => sum + 1 + sizeOf(element), 0);
  if (value.M) {
    const members = Object.entries(value.M);
    return 3 + members.reduce((sum, [k, v]) => sum + Buffer.byteLength(k) + sizeOf(v), 0);
  }
  return 1;
}
