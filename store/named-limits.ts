import type { NamedLimit, NamedLimitStore, SlotLease } from '../model/named-limits.ts';
import type { Instant } from '../model/values/instant.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import {
  allOf,
  itExists,
  itHasNotLapsed,
  itIsDueThen,
  itIsNew,
  itIsOfTheGenerationBefore,
  itIsTheOneRead,
} from './conditions.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { batchGet, get, queryPrefix } from './dynamo/read.ts';
import { type TransactItem, transact } from './dynamo/transact.ts';
import { update } from './dynamo/write.ts';
import { listDue } from './lists/list-due.ts';
import { listRecordIds } from './lists/record-list.ts';
import { dueLeaseKeys, leasePartition } from './table/dispatch-keys.ts';
import type { Item } from './table/item.ts';
import {
  HOLDERS,
  holderKey,
  leaseKey,
  leaseOfHolder,
  namedLimitKey,
  namedLimitPlaceKey,
} from './table/keys.ts';
import { NAMED_LIMIT_LIST, recordListingKeys } from './table/listing-keys.ts';
import { idOf } from './table/timed-keys.ts';

async function createNamedLimit(db: Dynamo, limit: NamedLimit): Promise<'created' | 'exists'> {
  const done = await transact(db, [
    { Put: { Item: toItem(limit), ConditionExpression: itIsNew } },
    { Put: { Item: toPlace(limit) } },
  ]);
  return done.won || done.item?.['id'] === limit.id ? 'created' : 'exists';
}

async function readNamedLimits(db: Dynamo, names: readonly string[]): Promise<NamedLimit[]> {
  const items = await batchGet(db, names.map(namedLimitKey));
  const byName = new Map(items.map((item) => [item['name'] as string, fromItem(item)]));
  return names.flatMap((name) => byName.get(name) ?? []);
}

async function readNamedLimitName(db: Dynamo, id: string): Promise<string | undefined> {
  return (await get(db, namedLimitPlaceKey(id)))?.['name'] as string | undefined;
}

async function listNamedLimitNames(db: Dynamo): Promise<string[]> {
  const ids = await listRecordIds(db, NAMED_LIMIT_LIST);
  const places = await batchGet(db, ids.map(namedLimitPlaceKey));
  return places.map((place) => place['name'] as string);
}

async function updateNamedLimit(
  db: Dynamo,
  limit: NamedLimit,
  formerName: string,
): Promise<'updated' | 'outrun' | 'exists'> {
  if (limit.name === formerName) {
    return (await transact(db, [changed(limit)])).won ? 'updated' : 'outrun';
  }
  const done = await transact(db, [
    { Delete: { Key: namedLimitKey(formerName), ...asBefore(limit) } },
    { Put: { Item: toItem(limit), ConditionExpression: itIsNew } },
    { Put: { Item: toPlace(limit) } },
  ]);
  if (done.won) return 'updated';
  return done.at === 0 ? 'outrun' : 'exists';
}

async function deleteNamedLimit(
  db: Dynamo,
  { id, name }: NamedLimit,
): Promise<'deleted' | 'outrun'> {
  const done = await transact(db, [
    {
      Delete: {
        Key: namedLimitKey(name),
        ConditionExpression: itIsTheOneRead,
        ExpressionAttributeValues: { ':id': id },
      },
    },
    { Delete: { Key: namedLimitPlaceKey(id) } },
  ]);
  return done.won ? 'deleted' : 'outrun';
}

/**
 * 2 write units per limit, 3 for a lease and its place in the index, 2 per limit if the lease names
 * its holder.
 */
async function takeSlots(
  db: Dynamo,
  after: readonly NamedLimit[],
  leases: readonly SlotLease[],
): Promise<boolean> {
  const items = [
    ...after.map(changed),
    ...leases.flatMap((lease) => [
      { Put: { Item: toLeaseItem(lease), ConditionExpression: itIsNew } },
      ...holderKeys(lease).map((key) => ({ Put: { Item: key } })),
    ]),
  ];
  return (await transact(db, items)).won;
}

const giveSlotsBack = async (db: Dynamo, after: readonly NamedLimit[]): Promise<boolean> =>
  (await transact(db, after.map(changed))).won;

async function readSlotLease(db: Dynamo, id: string): Promise<SlotLease | undefined> {
  const item = await get(db, leaseKey(id));
  if (!item) return undefined;
  const { pk, sk, gsi1pk, gsi1sk, ...lease } = item;
  return { id, ...lease } as SlotLease;
}

async function endSlotLease(
  db: Dynamo,
  lease: SlotLease,
  after: readonly NamedLimit[],
  which: 'any' | 'unrenewed',
): Promise<'ended' | 'over' | 'outrun'> {
  const { gsi1sk } = dueLeaseKeys(lease.id, lease.until);
  const condition =
    which === 'any'
      ? { ConditionExpression: itExists }
      : { ConditionExpression: itIsDueThen, ExpressionAttributeValues: { ':due': gsi1sk } };
  const done = await transact(db, [
    { Delete: { Key: leaseKey(lease.id), ...condition } },
    ...holderKeys(lease).map((Key) => ({ Delete: { Key } })),
    ...after.map(changed),
  ]);
  if (done.won) return 'ended';
  return done.at === 0 ? 'over' : 'outrun';
}

async function renewSlotLease(
  db: Dynamo,
  id: string,
  now: Instant,
  until: Instant,
): Promise<boolean> {
  const { gsi1sk } = dueLeaseKeys(id, until);
  const done = await update(db, leaseKey(id), {
    ConditionExpression: allOf(itExists, itHasNotLapsed),
    UpdateExpression: 'SET #until = :until, gsi1sk = :due',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: { ':until': until, ':due': gsi1sk, ':now': now },
    ReturnValues: 'NONE',
  });
  return done.won;
}

const listLeaseIds = async (db: Dynamo, limitId: string): Promise<string[]> =>
  (await queryPrefix(db, namedLimitPlaceKey(limitId).pk, HOLDERS)).map((item) =>
    leaseOfHolder(item['sk'] as string),
  );

async function listLapsedLeases(db: Dynamo, now: Instant): Promise<string[]> {
  const due = await listDue(db, leasePartition, now, NUMBERS.duePauses);
  return due.map((item) => idOf(item['gsi1sk'] as string));
}

/** The generation alone is not enough: a limit that was made anew under the name has one too. */
const asBefore = ({ id, generation }: NamedLimit) => ({
  ConditionExpression: allOf(itIsTheOneRead, itIsOfTheGenerationBefore),
  ExpressionAttributeValues: { ':id': id, ':before': generation - 1 },
});

const changed = (limit: NamedLimit): TransactItem => ({
  Put: { Item: toItem(limit), ...asBefore(limit) },
});

const holderKeys = ({ id, limits, holder }: SlotLease) =>
  holder === null ? [] : limits.map((limit) => holderKey(limit.id, id));

const toItem = (limit: NamedLimit): Item => ({
  ...limit,
  ...namedLimitKey(limit.name),
  ...recordListingKeys(NAMED_LIMIT_LIST, limit.name, limit.id),
});

const toPlace = ({ id, name }: NamedLimit): Item => ({ ...namedLimitPlaceKey(id), name });

/** Limits written by older versions count no slots that were taken while they were not active. */
const fromItem = ({ pk, sk, gsi2pk, gsi2sk, ...item }: Item): NamedLimit =>
  ({ uncountedSlots: 0, ...item }) as unknown as NamedLimit;

const toLeaseItem = ({ id, ...lease }: SlotLease): Item => ({
  ...leaseKey(id),
  ...dueLeaseKeys(id, lease.until),
  ...lease,
});

export const namedLimitStore = (db: Dynamo): NamedLimitStore =>
  bound(db, {
    createNamedLimit,
    readNamedLimits,
    readNamedLimitName,
    listNamedLimitNames,
    updateNamedLimit,
    deleteNamedLimit,
    takeSlots,
    giveSlotsBack,
    readSlotLease,
    endSlotLease,
    renewSlotLease,
    listLeaseIds,
    listLapsedLeases,
  });
