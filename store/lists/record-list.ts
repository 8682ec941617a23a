import type { Dynamo } from '../dynamo/dynamo.ts';
import { queryAll } from '../dynamo/read.ts';
import { idOf } from '../table/timed-keys.ts';

/**
 * The ids of all flows, deployments or named limits, by name. An index read: a new one may be
 * missing.
 */
export async function listRecordIds(db: Dynamo, list: string): Promise<string[]> {
  const items = await queryAll(db, {
    IndexName: 'timeline',
    KeyConditionExpression: 'gsi2pk = :list',
    ExpressionAttributeValues: { ':list': list },
  });
  return items.map((item) => idOf(item['gsi2sk'] as string));
}
