import type { Cancellation } from '../../model/runs/cancellation-store.ts';
import type { Guard } from '../../model/runs/claim-store.ts';
import { isCancelled, isCancelling } from '../../model/runs/state.ts';
import type { Transition } from '../../model/runs/transition.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { itIsDueThen } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { queryAll } from '../dynamo/read.ts';
import { put, remove } from '../dynamo/write.ts';
import { listDue } from '../lists/list-due.ts';
import { cancellationPartition, dueCancellationKeys, timeOf } from '../table/dispatch-keys.ts';
import { cancellationKey, runKey, TASK_RUNS } from '../table/keys.ts';
import { idOf } from '../table/timed-keys.ts';

/**
 * Notes a cancellation before it is written, if the run has task runs: half a read unit, and
 * nothing for a run that was never claimed.
 */
export async function noteIfCancelled(
  db: Dynamo,
  { runId, state }: Transition,
  guard: Guard,
): Promise<void> {
  if (!isCancelled(state.type) && !isCancelling(state.type)) return;
  if (guard.kind === 'decided' && guard.run.attempt === 0) return;
  const query = {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': runKey(runId).pk, ':prefix': TASK_RUNS },
    ProjectionExpression: 'pk',
    Limit: 1,
  };
  const [taskRun] = await queryAll(db, query, 1);
  if (taskRun) await noteCancellation(db, { runId, at: state.at });
}

export async function noteCancellation(db: Dynamo, { runId, at }: Cancellation): Promise<void> {
  await put(db, { ...cancellationKey(runId), ...dueCancellationKeys(runId, at) });
}

export async function listCancellations(db: Dynamo, now: Instant): Promise<Cancellation[]> {
  const due = await listDue(db, cancellationPartition, now, NUMBERS.cancellationsSwept);
  return due.map((item) => {
    const listed = item['gsi1sk'] as string;
    return { runId: idOf(listed), at: timeOf(listed) };
  });
}

export async function forgetCancellation(db: Dynamo, { runId, at }: Cancellation): Promise<void> {
  const { gsi1sk } = dueCancellationKeys(runId, at);
  await remove(db, cancellationKey(runId), itIsDueThen, { ':due': gsi1sk });
}
