import type { HeldSlot } from '../../model/limits.ts';
import type { Updated } from '../../model/runs/claim-store.ts';
import type { Run } from '../../model/runs/run.ts';
import type { LeftBehind } from '../../model/runs/run-store.ts';
import {
  allOf,
  itHoldsNoSlot,
  itsSlotsAreTheOnesRead,
  theStateIsTheOneRead,
} from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { transact } from '../dynamo/transact.ts';
import { put, remove } from '../dynamo/write.ts';
import { slotFreed } from '../limits/limits.ts';
import { toHeldSlot } from '../limits/slot-entry.ts';
import { idBytes } from '../table/binary.ts';
import type { Item } from '../table/item.ts';
import { runKey } from '../table/keys.ts';
import { isTombstone, tombstone } from '../table/tombstone.ts';
import { fromRunItem } from './run-item.ts';

/**
 * Deletes a run as it was read, or puts a tombstone in its place. 1 write unit, and 1 for each index
 * that listed it; where it holds slots a transaction with them, at twice the price.
 */
export async function deleteRun(
  db: Dynamo,
  run: Run,
  leaves: LeftBehind | undefined,
): Promise<Updated> {
  const { slots } = run;
  const stone = leaves && tombstone(run.id, run.attempt, leaves.until);
  const condition = allOf(
    theStateIsTheOneRead,
    slots.length > 0 ? itsSlotsAreTheOnesRead : itHoldsNoSlot,
  );
  const values = {
    ':readStateId': idBytes(run.stateId),
    ...(slots.length > 0 ? { ':readSlots': slots.map(toHeldSlot) } : {}),
  };
  if (slots.length > 0) {
    const conditional = { ConditionExpression: condition, ExpressionAttributeValues: values };
    const deletion = stone
      ? { Put: { Item: stone, ...conditional } }
      : { Delete: { Key: runKey(run.id), ...conditional } };
    return deleteWithSlots(db, run, deletion, slots);
  }
  const done = stone
    ? await put(db, { ...stone }, { condition, values })
    : await remove(db, runKey(run.id), condition, values);
  return done.won ? { done: true } : { done: false, run: foundRun(done.item) };
}

/** A slot that is somebody else's by now is left to them. */
async function deleteWithSlots(
  db: Dynamo,
  run: Run,
  deletion: Parameters<typeof transact>[1][number],
  slots: readonly HeldSlot[],
): Promise<Updated> {
  const freed = slots.map(({ scope, k }) => slotFreed(scope, k, run.id, run.attempt));
  const done = await transact(db, [deletion, ...freed]);
  if (done.won) return { done: true };
  if (done.at === 0) return { done: false, run: foundRun(done.item) };
  const left = slots.filter((_, i) => i !== done.at - 1);
  return deleteWithSlots(db, run, deletion, left);
}

const foundRun = (item: Item | undefined): Run | undefined =>
  item && !isTombstone(item) ? fromRunItem(item) : undefined;
