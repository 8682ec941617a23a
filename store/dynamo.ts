import { setTimeout as pause } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
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
import { isTombstone } from './tombstone.ts';

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

/** Aborts a write that has not been sent by then. */
export const within = (micros: number): AbortSignal =>
  AbortSignal.timeout(Math.ceil(Math.max(0, micros) / 1000));

/** Won: the item as this write left it. Lost: the item as it is, undefined if there is none. */
export type Conditional = { won: true; item: Item } | { won: false; item: Item | undefined };

/** A conditional update; a lost condition comes back as an answer, with the item, at no extra read. */
export async function update(
  { client, tableName, random }: Dynamo,
  key: Key,
  input: Omit<UpdateCommandInput, 'TableName' | 'Key'>,
  abortSignal?: AbortSignal,
): Promise<Conditional> {
  const command = () =>
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: key,
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...input,
      }),
      abortSignal ? { abortSignal } : {},
    );
  try {
    const { Attributes } = await untilUncontended(command, random, abortSignal);
    return { won: true, item: Attributes as Item };
  } catch (error) {
    const { won, item } = lost(error);
    return { won, item: unlessDeleted(item) };
  }
}

export async function put(
  { client, tableName }: Dynamo,
  item: Item,
  condition?: string,
  values?: Readonly<Record<string, unknown>>,
  abortSignal?: AbortSignal,
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
      abortSignal ? { abortSignal } : {},
    );
    return { won: true, item };
  } catch (error) {
    return lost(error);
  }
}

export async function remove(
  { client, tableName, random }: Dynamo,
  key: Key,
  condition: string,
  values?: Readonly<Record<string, unknown>>,
): Promise<{ won: true } | { won: false; item: Item | undefined }> {
  const command = () =>
    client.send(
      new DeleteCommand({
        TableName: tableName,
        Key: key,
        ConditionExpression: condition,
        ...(values ? { ExpressionAttributeValues: values } : {}),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  try {
    await untilUncontended(command, random);
    return { won: true };
  } catch (error) {
    const { won, item } = lost(error);
    return { won, item: unlessDeleted(item) };
  }
}

/** What was deleted is not there, save to who would write over it: a put that is lost shows it. */
const unlessDeleted = (item: Item | undefined): Item | undefined =>
  item && isTombstone(item) ? undefined : item;

/** Even the document client leaves the item of a lost condition in DynamoDB's own form. */
function lost(error: unknown): Conditional & { won: false } {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  return { won: false, item: error.Item ? (unmarshall(error.Item) as Item) : undefined };
}

/** Somebody's transaction has the item just now: it goes on in a moment, and so do we. */
async function untilUncontended<Result>(
  send: () => Promise<Result>,
  random: () => number,
  abortSignal?: AbortSignal,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if ((error as Error).name !== 'TransactionConflictException' || tries >= MOST_TRIES)
        throw error;
      await pause(jitter(tries, random), undefined, signalOf(abortSignal));
    }
  }
}

const signalOf = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

const MOST_TRIES = 8;
/** Milliseconds: up to 40 the first time, up to 1,280 in the end. */
export const jitter = (tries: number, random: () => number): number =>
  random() * 20 * 2 ** Math.min(tries, 6);

type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** Reasons for which a transaction is tried again: they are no losses. */
const CONTENDED = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

export type TransactItem = { [Verb in 'Put' | 'Update' | 'Delete' | 'ConditionCheck']?: object };

/** `at`: which of the items lost its condition, and what was there. */
type Transacted = { won: true } | { won: false; at: number; item: Item | undefined };

/**
 * All or nothing. Where transactions meet on an item, or the table is throttled, it goes again, as a
 * new transaction. The SDK's own tries, after a lost reply, are the same transaction to DynamoDB.
 */
export async function transact(
  { client, tableName, random }: Dynamo,
  items: readonly TransactItem[],
  abortSignal?: AbortSignal,
): Promise<Transacted> {
  const TransactItems = items.map((item) =>
    Object.fromEntries(
      Object.entries(item).map(([verb, what]) => [
        verb,
        { TableName: tableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ...what },
      ]),
    ),
  ) as TransactItems;
  const options = abortSignal ? { abortSignal } : {};
  for (let tries = 1; ; tries++) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems }), options);
      return { won: true };
    } catch (error) {
      const lost = lostTransaction(error);
      if (lost) return lost;
      if (!isContended(error) || tries >= MOST_TRIES) throw error;
      await pause(jitter(tries, random), undefined, signalOf(abortSignal));
    }
  }
}

const reasonsOf = (error: unknown) =>
  (error instanceof TransactionCanceledException && error.CancellationReasons) || [];

const isContended = (error: unknown): boolean =>
  reasonsOf(error).some(({ Code }) => CONTENDED.has(Code ?? ''));

/** The first item of a transaction that lost its condition, if it was that. */
function lostTransaction(error: unknown): Transacted | undefined {
  const reasons = reasonsOf(error);
  const at = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
  if (at < 0) return undefined;
  const item = reasons[at]?.Item;
  return { won: false, at, item: item ? unlessDeleted(unmarshall(item) as Item) : undefined };
}

/** Consistent. */
export async function get({ client, tableName }: Dynamo, key: Key): Promise<Item | undefined> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
  );
  return unlessDeleted(item as Item | undefined);
}

/** Consistent, 100 at a time, in no order; missing ones are left out. */
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

/** Everything in a partition, in the order of its sort keys. Consistent. */
export const queryPartition = (db: Dynamo, pk: string): Promise<Item[]> =>
  queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
  });
