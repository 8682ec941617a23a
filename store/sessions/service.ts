import { GRACE_BY_KIND, type Grace, type ServedKind, type Service } from '../../model/sessions.ts';
import type { Instant } from '../../model/values/instant.ts';
import { serviceGoesOn, serviceIsOlder, theGapIsTheOneSeen } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { get } from '../dynamo/read.ts';
import { update } from '../dynamo/write.ts';
import type { Item } from '../table/item.ts';
import { serviceKey } from '../table/keys.ts';

/**
 * Records that a pool's agents or workers were just served. A longer gap before may have been an
 * outage, in which no lease could be renewed. The request that ends the gap grants one lease of
 * grace with the same write. So there is no moment in which service has resumed while sessions that
 * could not be served count as dead.
 */
export async function stampService(
  db: Dynamo,
  poolId: string,
  kind: ServedKind,
  now: Instant,
): Promise<void> {
  const { gap, grace } = GRACE_BY_KIND[kind];
  const values = { ':now': now, ':gapAgo': now - gap };
  const key = serviceKey(poolId, kind);
  const goesOn = await update(db, key, {
    ConditionExpression: serviceGoesOn,
    UpdateExpression: 'SET lastAt = :now',
    ExpressionAttributeValues: values,
    ReturnValues: 'NONE',
  });
  if (goesOn.won) return;
  // If this fails, another request has ended the same gap.
  await update(db, key, {
    ConditionExpression: serviceIsOlder,
    UpdateExpression:
      'SET graceFor = if_not_exists(lastAt, :never), lastAt = :now, graceUntil = :until',
    ExpressionAttributeValues: { ...values, ':until': now + grace, ':never': 0 },
    ReturnValues: 'NONE',
  });
}

export async function readService(
  db: Dynamo,
  poolId: string,
  kind: ServedKind,
): Promise<Service | undefined> {
  const item = await get(db, serviceKey(poolId, kind));
  return item && toService(item);
}

/** A sweep may be the first to see a gap. It grants grace for it, but does not end the gap. */
export async function grantGrace(
  db: Dynamo,
  { poolId, kind, gapSince, until }: Grace,
): Promise<void> {
  await update(db, serviceKey(poolId, kind), {
    ConditionExpression: theGapIsTheOneSeen,
    UpdateExpression: 'SET graceFor = :gapSince, graceUntil = :until',
    ExpressionAttributeValues: { ':gapSince': gapSince, ':until': until },
    ReturnValues: 'NONE',
  });
}

const toService = (item: Item): Service => ({
  lastAt: item['lastAt'] as Instant,
  graceUntil: item['graceUntil'] as Instant,
  graceFor: item['graceFor'] as Instant,
});
