import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../table/item.ts';
import type { Key } from '../table/keys.ts';
import { unlessDeleted } from '../table/tombstone.ts';
import { letOthersGoOn, MOST_TRIES } from './contention.ts';
import type { Dynamo } from './dynamo.ts';

/** Won: the item as this write left it. Lost: the item as stored, undefined if there is none. */
export type Conditional = { won: true; item: Item } | { won: false; item: Item | undefined };

/** A conditional update. If the condition fails, the item is returned, at no extra read. */
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

interface PutTerms {
  readonly condition?: string;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

export async function put(
  { client, tableName }: Dynamo,
  item: Item,
  { condition, values, abortSignal }: PutTerms = {},
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

/**
 * If this very request was sent twice, because the first reply was lost, and the item is gone, then
 * it was deleted as it was to be: by this write, or by another one like it.
 */
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
    if (item === undefined && wasSentTwice(error)) return { won: true };
    return { won, item: unlessDeleted(item) };
  }
}

const wasSentTwice = (error: unknown): boolean =>
  ((error as ConditionalCheckFailedException).$metadata.attempts ?? 1) > 1;

/** The document client, too, leaves the item of a failed condition in DynamoDB's own format. */
function lost(error: unknown): Conditional & { won: false } {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  return { won: false, item: error.Item ? (unmarshall(error.Item) as Item) : undefined };
}

/** Retries while another transaction holds the item. */
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
      await letOthersGoOn(tries, random, abortSignal);
    }
  }
}
