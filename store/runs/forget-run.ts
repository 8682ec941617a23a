import type { Run } from '../../model/runs/run.ts';
import type { Instant } from '../../model/values/instant.ts';
import { itWasSavedBefore } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { queryPartition } from '../dynamo/read.ts';
import { remove } from '../dynamo/write.ts';
import { childRunKey, type Key, runKey } from '../table/keys.ts';

/**
 * Deletes what an expired run or tombstone leaves behind that has no expiry of its own: large
 * payloads, moved states, the pointer from its parent. If the run or its tombstone exists again,
 * nothing is deleted: that one will expire too, and then this is called again. What was saved later
 * than `savedBefore` stays, because a create of the same run writes its payloads first and the run
 * after them.
 */
export async function forgetRun(
  db: Dynamo,
  { id, parentTaskRunId }: Pick<Run, 'id' | 'parentTaskRunId'>,
  savedBefore: Instant,
): Promise<void> {
  const { pk, sk } = runKey(id);
  const beside = await queryPartition(db, pk);
  if (beside.some((item) => item['sk'] === sk)) return;
  const keys: Key[] = beside
    .filter((item) => item['expiresAt'] === undefined)
    .map((item) => ({ pk, sk: item['sk'] as string }));
  if (parentTaskRunId) keys.push(childRunKey(parentTaskRunId, id));
  for (const key of keys) await remove(db, key, itWasSavedBefore, { ':before': savedBefore });
}
