import type { Run } from '../../model/runs/run.ts';
import type { LabelChange } from '../../model/runs/run-store.ts';
import {
  allOf,
  itHasNoLabels,
  itWasClaimedSoOften,
  theLabelsAreTheOnesRead,
} from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { UpdateExpression } from '../dynamo/update-expression.ts';
import { update } from '../dynamo/write.ts';
import { runKey } from '../table/keys.ts';

/** 1 write unit. */
export async function updateLabels(
  db: Dynamo,
  run: Run,
  { labels, workerType, patchedAt }: LabelChange,
): Promise<boolean> {
  const change = new UpdateExpression();
  if (labels) change.set({ labels: labels.text });
  else change.remove('labels');
  change.set({ workerType, patchedAt });
  const written = await update(db, runKey(run.id), {
    ConditionExpression: allOf(
      itWasClaimedSoOften,
      run.labels ? theLabelsAreTheOnesRead : itHasNoLabels,
    ),
    ...change.with({
      ':attempts': run.attempt,
      ...(run.labels ? { ':readLabels': run.labels.text } : {}),
    }),
    ReturnValues: 'NONE',
  });
  return written.won;
}
