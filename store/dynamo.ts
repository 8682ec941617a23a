import { setTimeout as pause } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key } from './keys.ts';
import type { Item } from './run-item.ts';

/** What the verbs of this folder need: the table, and randomness for jitter. */
export interface Dynamo {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly random: () => number;
}

export function dynamo(client: DynamoDBClient, tableName: string, random: () => number): Dynamo {
  return {
    tableName,
    random,
    client: DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
    }),
  };
}

/** Won: the item as this write left it. Lost: the item as it is, undefined if there is none. */
export type Conditional = { won: true; item: Item } | { won: false; item: Item | undefined };

/** A conditional update; a lost condition comes back as an answer, with the item, at no extra read. */
export async function update(
  { client, tableName }: Dynamo,
  key: Key,
  input: Omit<UpdateCommandInput, 'TableName' | 'Key'>,
  abortSignal?: AbortSignal,
): Promise<Conditional> {
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: key,
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...input,
      }),
      abortSignal ? { abortSignal } : {},
    );
    return { won: true, item: Attributes as Item };
  } catch (error) {
    return lost(error);
  }
}

export async function put(
  { client, tableName }: Dynamo,
  item: Item,
  condition?: string,
  values?: Readonly<Record<string, unknown>>,
): Promise<Conditional> {
  try {
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: item,
        ...(condition
          ? {
              ConditionExpression: condition,
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
              ...(values ? { ExpressionAttributeValues: values } : {}),
            }
          : {}),
      }),
    );
    return { won: true, item };
  } catch (error) {
    return lost(error);
  }
}

/** Even the document client leaves the item of a lost condition in DynamoDB's own form. */
function lost(error: unknown): Conditional {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  return { won: false, item: error.Item ? (unmarshall(error.Item) as Item) : undefined };
}

type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/**
 * All or nothing. Gives the place of the first lost condition, and the item that was there.
 * A TransactionConflict is no loss: two transactions met, and one of them goes again.
 */
export async function transact(
  { client, tableName, random }: Dynamo,
  items: ReadonlyArray<{ [Verb in 'Put' | 'Update' | 'Delete']?: object }>,
): Promise<{ won: true } | { won: false; at: number; item: Item | undefined }> {
  const TransactItems = items.map((item) =>
    Object.fromEntries(
      Object.entries(item).map(([verb, what]) => [
        verb,
        { TableName: tableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ...what },
      ]),
    ),
  ) as TransactItems;
  for (let tries = 1; ; tries++) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems }));
      return { won: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const at = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
      if (at >= 0) {
        const item = reasons[at]?.Item;
        return { won: false, at, item: item ? (unmarshall(item) as Item) : undefined };
      }
      const conflict = reasons.some(({ Code }) => Code === 'TransactionConflict');
      if (!conflict || tries >= 6) throw error;
      await pause(random() * 20 * 2 ** tries);
    }
  }
}

/** Consistent. */
export async function get({ client, tableName }: Dynamo, key: Key): Promise<Item | undefined> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
  );
  return item as Item | undefined;
}

/** Consistent, 100 at a time, in no order; missing ones are left out. */
export async function batchGet(
  { client, tableName, random }: Dynamo,
  keys: readonly Key[],
): Promise<Item[]> {
  const pages: Promise<Item[]>[] = [];
  const once = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
  for (let i = 0; i < once.length; i += 100) pages.push(page(once.slice(i, i + 100)));
  return (await Promise.all(pages)).flat();

  async function page(wanted: readonly Key[]): Promise<Item[]> {
    const found: Item[] = [];
    let left: Key[] = wanted.map(({ pk, sk }) => ({ pk, sk }));
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > 0) await pause(random() * 20 * 2 ** Math.min(tries, 6));
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

/** All pages of a query, up to `atMost` items. */
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

/** Everything in a partition whose sort key starts with `prefix`, in its order. Consistent. */
export const queryPrefix = (db: Dynamo, pk: string, prefix: string): Promise<Item[]> =>
  queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
  });
