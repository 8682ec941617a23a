import type { Run } from '../core/run.ts';
import type { LabelChange } from '../core/store.ts';
import {
  allOf,
  itHasNoLabels,
  itWasClaimedSoOften,
  theLabelsAreTheOnesRead,
} from './conditions.ts';
import type { Dynamo } from './dynamo.ts';
import { runKey } from './keys.ts';
import { UpdateExpression } from './update-expression.ts';
import { update } from './write.ts';

/** 1 write unit. */
export async function updateLabels(
  db: Dynamo,
  run: Run,
  { labels, workerType, patchedAt }: LabelChange,
): Promise<boolean> {
  const change = new UpdateExpression();
  if (labels) change.set({ labels: labels.text });
  else change.remove('labels');
  change.set({
    ...(workerType === undefined ? {} : { workerType }),
    ...(patchedAt === undefined ? {} : { patchedAt }),
  });
  const written = await update(db, runKey(run.id), {
    ConditionExpression: allOf(
      itWasClaimedSoOften,
      run.labels ? theLabelsAreTheOnesRead : itHasNoLabels,
    ),
    UpdateExpression: change.text,
    ExpressionAttributeValues: {
      ...change.values,
      ':attempts': run.attempt,
      ...(run.labels ? { ':readLabels': run.labels.text } : {}),
    },
    ReturnValues: 'NONE',
  });
  return written.won;
}
