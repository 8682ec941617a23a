import type { QueuePlace } from '../../model/pools.ts';
import { lastClaimant, type Run } from '../../model/runs/run.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { fromMembers, membersOf } from '../parameters/json-object.ts';
import { overlay } from '../parameters/parameters.ts';

type LabelPlace = Pick<QueuePlace, 'poolId' | 'poolName'> | undefined;

/** What a worker says of itself, and of its pool. */
const WORKER_NAME = 'prefect.worker.name';
const WORKER_TYPE = 'prefect.worker.type';
const POOL_NAME = 'prefect.work-pool.name';
const POOL_ID = 'prefect.work-pool.id';
const WORKER_LABELS = [WORKER_NAME, WORKER_TYPE, POOL_NAME, POOL_ID];

/**
 * Labels that follow from what is known anyway are not stored: the run's item stays small. Those of
 * its worker follow from the claim, so that they name the holder of a run, or who held it last.
 */
function derivedLabels(run: Run, place: LabelPlace): Readonly<Record<string, string>> {
  const worker = lastClaimant(run)?.worker;
  return {
    'prefect.flow.id': run.flowId,
    ...(run.deploymentId ? { 'prefect.deployment.id': run.deploymentId } : {}),
    ...(worker ? { [WORKER_NAME]: worker } : {}),
    ...(run.workerType ? { [WORKER_TYPE]: run.workerType } : {}),
    ...(worker && place ? { [POOL_NAME]: place.poolName, [POOL_ID]: place.poolId } : {}),
  };
}

/** All labels of a run: given ones come over those that follow. */
export function labelsOf(run: Run, place: LabelPlace): JsonText {
  const derived = JsonText.of(derivedLabels(run, place));
  return run.labels ? overlay(derived, run.labels) : derived;
}

/** What has to be stored for a run to have `labels` over those it has; null: nothing. */
export function labelsToStore(run: Run, place: LabelPlace, labels: JsonText): JsonText | null {
  const members = membersOf(run.labels ? overlay(run.labels, labels) : labels);
  for (const [key, value] of Object.entries(derivedLabels(run, place))) {
    if (members.get(key) === JSON.stringify(value)) members.delete(key);
  }
  return members.size === 0 ? null : fromMembers(members);
}

/** A worker's type, which is kept by itself where it is a short name. */
export function workerTypeIn(labels: JsonText): string | undefined {
  const text = membersOf(labels).get(WORKER_TYPE);
  return text !== undefined && /^"[\w-]{1,40}"$/.test(text) ? text.slice(1, -1) : undefined;
}

export function withoutWorkerLabels(labels: JsonText): JsonText {
  const members = membersOf(labels);
  for (const key of WORKER_LABELS) members.delete(key);
  return fromMembers(members);
}
