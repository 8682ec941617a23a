import type { QueuePlace } from '../../model/pools.ts';
import { lastClaimant, type Run } from '../../model/runs/run.ts';
import type { LabelChange } from '../../model/runs/run-store.ts';
import { isWorkerName } from '../../model/runs/worker-name.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { claimLost } from '../proposals/claim-lost.ts';
import { type Identity, tokenFor } from '../proposals/identity.ts';
import { assertPayloadSize } from '../sizes.ts';
import { standing } from '../states/fence.ts';
import { labelsToStore, withoutWorkerLabels, workerTypeIn } from './labels.ts';

/**
 * Merges labels into those that a run has. A Prefect worker does this right after its claim, so it
 * is also a sign that the worker is acting on the claim. If the worker does not hold the run, it is
 * no such sign, and the labels about the worker itself are dropped, because they would name it as
 * the holder.
 *
 * @throws DibsError flow_run_not_found, claim_lost, payload_too_large, too_busy
 */
export async function updateLabels(
  context: Context,
  id: string,
  given: JsonText,
  identity: Identity,
): Promise<void> {
  const { store } = context;
  const named = tokenFor(id, identity);
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const run = await store.readRun(id);
    if (!run) throw runNotFound();
    if (named !== 'none' && standing(run, { kind: 'token', token: named }) === 'stale') {
      throw await claimLost(context, run);
    }
    const place = run.queueId ? await store.readQueuePlace(run.queueId) : undefined;
    const change = isStranger(run, identity)
      ? changeOf(run, place, withoutWorkerLabels(given))
      : { ...changeOf(run, place, given), patchedAt: context.now() };
    if (await store.updateLabels(run, change)) return;
  }
  throw new DibsError('too_busy', 'The run kept changing while it was being labelled.');
}

function changeOf(run: Run, place: QueuePlace | undefined, labels: JsonText): LabelChange {
  const workerType = workerTypeIn(labels) ?? run.workerType;
  const typed = workerType === undefined ? {} : { workerType };
  const stored = labelsToStore({ ...run, ...typed }, place, labels);
  if (stored) assertPayloadSize('labels', stored, NUMBERS.labelsBytes);
  return { labels: stored, ...typed };
}

/**
 * Whether the caller is a worker other than the one that claimed the run last. A request from
 * another flow's process comes from a user, not from a worker.
 */
function isStranger(run: Run, { workerName, flowId = run.flowId }: Identity): boolean {
  if (!workerName || flowId !== run.flowId) return false;
  return !isWorkerName(lastClaimant(run), workerName);
}
