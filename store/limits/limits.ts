import type { Limit, Scope, Slot } from '../../model/limits.ts';
import type { SlotGrant } from '../../model/runs/claim-store.ts';
import {
  allOf,
  itHoldsNoSlot,
  itIsNew,
  itsSlotsAreTheOnesRead,
  theLimitIsTheOneRead,
  theSlotIsFree,
  theSlotIsMineOrGone,
  thisClaimIsCurrent,
} from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { batchGet, queryAll } from '../dynamo/read.ts';
import { type TransactItem, transact } from '../dynamo/transact.ts';
import { idBytes, idText, secretBytes } from '../table/binary.ts';
import type { Item } from '../table/item.ts';
import { limitKey, runKey, slotKey, slotOf } from '../table/keys.ts';
import { toHeldSlot } from './slot-entry.ts';

export async function readLimits(db: Dynamo, scopes: readonly Scope[]): Promise<Limit[]> {
  const items = await batchGet(db, scopes.map(limitKey));
  const found = new Map(items.map((item) => [item['pk'], item]));
  return scopes.map((scope) => toLimit(scope, found.get(limitKey(scope).pk)));
}

/**
 * One query: the limit comes first, since `#` sorts before `SLOT#`. An eventually consistent read
 * would cost half as much. This one is consistent, so that a full limit is seen to be full and no
 * transaction is lost to it.
 */
export async function readSlots(db: Dynamo, scope: Scope): Promise<{ limit: Limit; held: Slot[] }> {
  const items = await queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': limitKey(scope).pk },
  });
  const { sk } = limitKey(scope);
  const record = items.find((item) => item['sk'] === sk);
  const held = items.filter((item) => item['sk'] !== sk).map(toSlot);
  return { limit: toLimit(scope, record), held };
}

/**
 * The limit's write as an item of a transaction. Condition: the stored version is the one before.
 */
export function limitWrite(limit: Limit): TransactItem {
  const { scope, version, ...fields } = limit;
  const first = version === 1;
  return {
    Put: {
      Item: { ...limitKey(scope), ...fields, version },
      ConditionExpression: first ? itIsNew : theLimitIsTheOneRead,
      ...(first ? {} : { ExpressionAttributeValues: { ':version': version - 1 } }),
    },
  };
}

export async function writeLimit(db: Dynamo, limit: Limit): Promise<boolean> {
  return (await transact(db, [limitWrite(limit)])).won;
}

export async function grantSlot(
  db: Dynamo,
  { run, scope, k, at }: SlotGrant,
): Promise<'granted' | 'taken' | 'over'> {
  if (!run.claim) return 'over';
  const held = run.slots.length > 0;
  const done = await transact(db, [
    {
      Update: {
        Key: runKey(run.id),
        ConditionExpression: allOf(
          thisClaimIsCurrent,
          held ? itsSlotsAreTheOnesRead : itHoldsNoSlot,
        ),
        UpdateExpression: 'SET slots = list_append(if_not_exists(slots, :none), :slots)',
        ExpressionAttributeValues: {
          ':secret': secretBytes(run.claim.secret),
          ':attempt': run.attempt,
          ':none': [],
          ...(held ? { ':readSlots': run.slots.map(toHeldSlot) } : {}),
          ':slots': [toHeldSlot({ scope, k })],
        },
      },
    },
    slotTaken(scope, {
      k,
      runId: run.id,
      attempt: run.attempt,
      sessionId: run.claim.sessionId,
      at,
    }),
  ]);
  if (done.won) return 'granted';
  return done.at === 0 ? 'over' : 'taken';
}

export async function freeSlot(db: Dynamo, scope: Scope, slot: Slot): Promise<void> {
  await transact(db, [slotFreed(scope, slot.k, slot.runId, slot.attempt)]);
}

export const slotTaken = (scope: Scope, slot: Slot): TransactItem => ({
  Put: {
    Item: {
      ...slotKey(scope, slot.k),
      runId: idBytes(slot.runId),
      attempt: slot.attempt,
      sessionId: idBytes(slot.sessionId),
      at: slot.at,
    },
    ConditionExpression: theSlotIsFree,
  },
});

export const slotFreed = (
  scope: Scope,
  k: number,
  runId: string,
  attempt: number,
): TransactItem => ({
  Delete: {
    Key: slotKey(scope, k),
    ConditionExpression: theSlotIsMineOrGone,
    ExpressionAttributeValues: { ':runId': idBytes(runId), ':attempt': attempt },
  },
});

export const limitUnchanged = (scope: Scope, version: number): TransactItem => ({
  ConditionCheck: {
    Key: limitKey(scope),
    ConditionExpression: theLimitIsTheOneRead,
    ExpressionAttributeValues: { ':version': version },
  },
});

function toLimit(scope: Scope, item: Item | undefined): Limit {
  if (!item) return { scope, limit: null, version: 0, settlesAt: null, strategy: 'ENQUEUE' };
  const { pk, sk, ...fields } = item;
  return { scope, ...fields } as unknown as Limit;
}

const toSlot = (item: Item): Slot => ({
  k: slotOf(item['sk'] as string),
  runId: idText(item['runId'] as Uint8Array),
  attempt: item['attempt'] as number,
  sessionId: idText(item['sessionId'] as Uint8Array),
  at: item['at'] as number,
});
