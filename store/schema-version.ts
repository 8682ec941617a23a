import { schemaIsNotNewer } from './conditions.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { get } from './dynamo/read.ts';
import { update } from './dynamo/write.ts';
import { schemaKey } from './table/keys.ts';
import { SCHEMA_VERSION } from './table/table.ts';

/**
 * Notes the version of this code in the table, and gives the one that is there: a newer one, where newer
 * code has written already. One read, and a write for each version.
 */
export async function noteSchema(db: Dynamo): Promise<{ ours: number; theirs: number }> {
  const theirs = (await get(db, schemaKey))?.['version'] as number | undefined;
  if (theirs !== undefined && theirs >= SCHEMA_VERSION) return { ours: SCHEMA_VERSION, theirs };
  const noted = await update(db, schemaKey, {
    UpdateExpression: 'SET version = :ours',
    ConditionExpression: schemaIsNotNewer,
    ExpressionAttributeValues: { ':ours': SCHEMA_VERSION },
  });
  return { ours: SCHEMA_VERSION, theirs: Number(noted.item?.['version'] ?? SCHEMA_VERSION) };
}
