import { setTimeout as pause } from 'node:timers/promises';
import {
  BatchGetCommand,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Item } from '../table/item.ts';
import type { Key } from '../table/keys.ts';
import { isTombstone, unlessDeleted } from '../table/tombstone.ts';
import { jitter } from './contention.ts';
import type { Dynamo } from './dynamo.ts';

/** A consistent read. */
export async function get({ client, tableName }: Dynamo, key: Key): Promise<Item | undefined> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
  );
  return unlessDeleted(item as Item | undefined);
}

/** Consistent reads, 100 keys per request, in no order. Missing items are left out. */
export async function batchGet(
  { client, tableName, random }: Dynamo,
  keys: readonly Key[],
): Promise<Item[]> {
  const pages: Promise<Item[]>[] = [];
  const once = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
  for (let i = 0; i < once.length; i += 100) pages.push(page(once.slice(i, i + 100)));
  return (await Promise.all(pages)).flat().filter((item) => !isTombstone(item));

  async function page(wanted: readonly Key[]): Promise<Item[]> {
    const found: Item[] = [];
    let left: Key[] = wanted.map(({ pk, sk }) => ({ pk, sk }));
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > 0) await pause(jitter(tries, random));
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({
          RequestItems: { [tableName]: { Keys: left, ConsistentRead: true } },
        }),
      );
      found.push(...((Responses?.[tableName] ?? []) as Item[]));
      left = (UnprocessedKeys?.[tableName]?.Keys ?? []) as Key[];
    }
    return found;
  }
}

/** Reads all pages of a query, until there are at least `atMost` items. */
export async function queryAll(
  { client, tableName }: Dynamo,
  input: Omit<QueryCommandInput, 'TableName'>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  let from: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        ...input,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    items.push(...((page.Items ?? []) as Item[]));
    from = page.LastEvaluatedKey;
  } while (from && items.length < atMost);
  return items;
}

/** All items of a partition whose sort key starts with `prefix`, in order. A consistent read. */
export const queryPrefix = (db: Dynamo, pk: string, prefix: string): Promise<Item[]> =>
  queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
  });

/** All items of a partition, in the order of their sort keys. A consistent read. */
export const queryPartition = (db: Dynamo, pk: string): Promise<Item[]> =>
  queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
  });
