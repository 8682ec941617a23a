import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import { createTable } from '../../store/table/create-table.ts';
import { cpuMsOf } from './cpu-time.ts';

const IN_FLIGHT = 32;
const ITEMS_EACH = 16;
/** With its keys, the item has about 600 bytes, like a run in the middle of its lifecycle. */
const FILL_BYTES = 330;

export interface Ceiling {
  readonly updatesPerSecond: number;
  /** CPU time per update of the database and of this process. Other programs do not change it. */
  readonly cpuMs: number;
}

/**
 * Measures what the database itself can do: conditional updates per second that move an item in the
 * dispatch index, sent by the SDK alone. Nothing else writes the items, so each condition holds.
 */
export async function measureCeiling(
  { endpoint, pid }: { readonly endpoint: string; readonly pid: number },
  { warmUpMs, windowMs }: { readonly warmUpMs: number; readonly windowMs: number },
): Promise<Ceiling> {
  const client = localDynamoDbClient(endpoint);
  const TableName = `ceiling-${randomUUID()}`;
  await createTable(client, TableName);
  const seeding = Array.from({ length: IN_FLIGHT * ITEMS_EACH }, async () => {
    const id = randomUUID();
    await client.send(new PutItemCommand({ TableName, Item: fullItem(id) }));
    return { id, state: '' };
  });
  const items = await Promise.all(seeding);
  let updates = 0;
  let over = false;

  async function keepUpdating(_: unknown, worker: number): Promise<void> {
    for (let i = worker; !over; i = (i + IN_FLIGHT) % items.length) {
      const item = items[i] as (typeof items)[number];
      const state = randomUUID();
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(item.id),
          ConditionExpression:
            item.state === '' ? 'attribute_not_exists(stateId)' : 'stateId = :before',
          UpdateExpression: 'SET stateId = :state, gsi1pk = :pk, gsi1sk = :sk',
          ExpressionAttributeValues: {
            ':state': { S: state },
            ':pk': { S: `CLAIMED#${state}` },
            ':sk': { S: `${Date.now()}#${item.id}` },
            ...(item.state === '' ? {} : { ':before': { S: item.state } }),
          },
        }),
      );
      item.state = state;
      updates++;
    }
  }

  const all = Promise.all(Array.from({ length: IN_FLIGHT }, keepUpdating));
  await Promise.race([all, delay(warmUpMs)]);
  const cpuMs = () => cpuMsOf(pid) + cpuMsOf(process.pid);
  const before = { at: performance.now(), updates, cpuMs: cpuMs() };
  await Promise.race([all, delay(windowMs)]);
  const seconds = (performance.now() - before.at) / 1000;
  const done = updates - before.updates;
  const measured = { updatesPerSecond: done / seconds, cpuMs: (cpuMs() - before.cpuMs) / done };
  over = true;
  await all;
  client.destroy();
  return measured;
}

const keyOf = (id: string) => ({ pk: { S: `RUN#${id}` }, sk: { S: '#' } });

/**
 * The indexed attributes of a run. All three indexes list the run, and one of the attributes
 * changes.
 */
const fullItem = (id: string) => ({
  ...keyOf(id),
  gsi1pk: { S: 'READY#0' },
  gsi1sk: { S: `0#${id}` },
  gsi2pk: { S: 'RUNS#0' },
  gsi2sk: { S: `0#${id}` },
  gsi3pk: { S: 'DEPLOYMENT#0' },
  fill: { B: randomBytes(FILL_BYTES) },
});
