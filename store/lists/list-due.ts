import type { Instant } from '../../model/values/instant.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { queryAll } from '../dynamo/read.ts';
import type { Item } from '../table/item.ts';
import { endOf, listingShards } from '../table/timed-keys.ts';

/**
 * What the dispatch index lists as due: the `most` earliest items of each shard. An index read: an
 * item that was just written may be missing, and is found in the next round.
 */
export async function listDue(
  db: Dynamo,
  partitionOf: (shard: number) => string,
  now: Instant,
  most: number,
): Promise<Item[]> {
  const shards = await Promise.all(
    listingShards().map((shard) =>
      queryAll(
        db,
        {
          IndexName: 'dispatch',
          KeyConditionExpression: 'gsi1pk = :due AND gsi1sk < :end',
          ExpressionAttributeValues: { ':due': partitionOf(shard), ':end': endOf(now) },
          Limit: most,
        },
        most,
      ),
    ),
  );
  return shards.flat();
}
