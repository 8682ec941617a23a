import { schemaIsNotNewer } from './conditions.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { get } from './dynamo/read.ts';
import { update } from './dynamo/write.ts';
import { schemaKey } from './table/keys.ts';
import { SCHEMA_VERSION } from './table/table.ts';

/**
 * Records this code's version in the table, and returns the version found there, which is newer if
 * newer code has written to the table. One read, and one write per version.
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
