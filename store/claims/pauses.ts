import type { DuePause } from '../../model/runs/pause-store.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { itIsDueThen } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { put, remove } from '../dynamo/write.ts';
import { listDue } from '../lists/list-due.ts';
import { duePauseKeys, pausePartition, timeOf } from '../table/dispatch-keys.ts';
import { pauseKey } from '../table/keys.ts';
import { idOf } from '../table/timed-keys.ts';

export async function notePause(db: Dynamo, { runId, until }: DuePause): Promise<void> {
  await put(db, { ...pauseKey(runId), ...duePauseKeys(runId, until) });
}

export async function listDuePauses(db: Dynamo, now: Instant): Promise<DuePause[]> {
  const due = await listDue(db, pausePartition, now, NUMBERS.duePauses);
  return due.map((item) => {
    const listed = item['gsi1sk'] as string;
    return { runId: idOf(listed), until: timeOf(listed) };
  });
}

export async function forgetPause(db: Dynamo, { runId, until }: DuePause): Promise<void> {
  const { gsi1sk } = duePauseKeys(runId, until);
  await remove(db, pauseKey(runId), itIsDueThen, { ':due': gsi1sk });
}
