import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../table/item.ts';
import { unlessDeleted } from '../table/tombstone.ts';
import { letOthersGoOn, MOST_TRIES } from './contention.ts';
import type { Dynamo } from './dynamo.ts';

type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** Reasons for which a transaction is retried: none of its conditions failed. */
const CONTENDED = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

export type TransactItem = { [Verb in 'Put' | 'Update' | 'Delete' | 'ConditionCheck']?: object };

/** `at`: the index of the item whose condition failed. `item`: what was stored there. */
type Transacted = { won: true } | { won: false; at: number; item: Item | undefined };

/**
 * Writes all items or nothing. If other transactions hold an item, or the table is throttled, it is
 * retried as a new transaction. The SDK's own retries, after a lost response, are the same
 * transaction to DynamoDB.
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
      await letOthersGoOn(tries, random, abortSignal);
    }
  }
}

const reasonsOf = (error: unknown) =>
  (error instanceof TransactionCanceledException && error.CancellationReasons) || [];

const isContended = (error: unknown): boolean =>
  reasonsOf(error).some(({ Code }) => CONTENDED.has(Code ?? ''));

/** The first item whose condition failed; undefined if the error is another one. */
function lostTransaction(error: unknown): Transacted | undefined {
  const reasons = reasonsOf(error);
  const at = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
  if (at < 0) return undefined;
  const item = reasons[at]?.Item;
  return { won: false, at, item: item ? unlessDeleted(unmarshall(item) as Item) : undefined };
}
