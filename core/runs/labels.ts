import type { QueuePlace } from '../../model/pools.ts';
import { lastClaimant, type Run } from '../../model/runs/run.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { fromMembers, membersOf } from '../parameters/json-object.ts';
import { overlay } from '../parameters/parameters.ts';

type LabelPlace = Pick<QueuePlace, 'poolId' | 'poolName'> | undefined;

/** The labels that a worker sets about itself and its pool. */
const WORKER_NAME = 'prefect.worker.name';
const WORKER_TYPE = 'prefect.worker.type';
const POOL_NAME = 'prefect.work-pool.name';
const POOL_ID = 'prefect.work-pool.id';
const WORKER_LABELS = [WORKER_NAME, WORKER_TYPE, POOL_NAME, POOL_ID];

/**
 * The labels that follow from other fields of the run. They are not stored, so the run's item stays
 * small. The worker's labels follow from the claim, so they name the current or the last holder.
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

/** All labels of a run: stored labels override derived ones. */
export function labelsOf(run: Run, place: LabelPlace): JsonText {
  const derived = JsonText.of(derivedLabels(run, place));
  return run.labels ? overlay(derived, run.labels) : derived;
}

/** The labels to store so that `labels` override those that the run has; null: there are none. */
export function labelsToStore(run: Run, place: LabelPlace, labels: JsonText): JsonText | null {
  const members = membersOf(run.labels ? overlay(run.labels, labels) : labels);
  for (const [key, value] of Object.entries(derivedLabels(run, place))) {
    if (members.get(key) === JSON.stringify(value)) members.delete(key);
  }
  return members.size === 0 ? null : fromMembers(members);
}

/** The worker's type in these labels. It is stored in a field of its own if it is a short name. */
export function workerTypeIn(labels: JsonText): string | undefined {
  const text = membersOf(labels).get(WORKER_TYPE);
  return text !== undefined && /^"[\w-]{1,40}"$/.test(text) ? text.slice(1, -1) : undefined;
}

export function withoutWorkerLabels(labels: JsonText): JsonText {
  const members = membersOf(labels);
  for (const key of WORKER_LABELS) members.delete(key);
  return fromMembers(members);
}
