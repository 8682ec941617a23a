import type { Instant } from '../core/instant.ts';
import { LIMITS } from '../core/limits.ts';
import type { DuePause } from '../core/pauses.ts';
import { itIsDueThen } from './conditions.ts';
import { duePauseKeys, pausePartition, timeOf } from './dispatch-keys.ts';
import type { Dynamo } from './dynamo.ts';
import { pauseKey } from './keys.ts';
import { listDue } from './list-due.ts';
import { idOf } from './timed-keys.ts';
import { put, remove } from './write.ts';

export async function notePause(db: Dynamo, { runId, until }: DuePause): Promise<void> {
  await put(db, { ...pauseKey(runId), ...duePauseKeys(runId, until) });
}

export async function listDuePauses(db: Dynamo, now: Instant): Promise<DuePause[]> {
  const due = await listDue(db, pausePartition, now, LIMITS.duePauses);
  return due.map((item) => {
    const listed = item['gsi1sk'] as string;
    return { runId: idOf(listed), until: timeOf(listed) };
  });
}

export async function forgetPause(db: Dynamo, { runId, until }: DuePause): Promise<void> {
  const { gsi1sk } = duePauseKeys(runId, until);
  await remove(db, pauseKey(runId), itIsDueThen, { ':due': gsi1sk });
}
