import { dayOf, type Instant } from '../../model/values/instant.ts';
import { shardOf, timed } from './timed-keys.ts';

/** Keys of the listing indexes. They never change after a record's creation. */
export const timelinePartition = (of: Listed, day: string, shard: number): string =>
  `${TIMELINE[of]}#${day}#${shard}`;
const TIMELINE = { runs: 'RUNS', taskRuns: 'TASKRUNS', artifacts: 'ARTIFACTS' };
export type Listed = keyof typeof TIMELINE;
export const deploymentPartition = (deploymentId: string): string => `DEPLOYMENT#${deploymentId}`;
export const FLOW_LIST = 'FLOWS';
export const DEPLOYMENT_LIST = 'DEPLOYMENTS';
export const NAMED_LIMIT_LIST = 'NAMEDLIMITS';

/** A run is listed under the later of its creation and the time it was first meant to start. */
export function runListingKeys(runId: string, listedAt: Instant, deploymentId?: string) {
  return {
    gsi2pk: timelinePartition('runs', dayOf(listedAt), shardOf(runId)),
    gsi2sk: timed(listedAt, runId),
    ...(deploymentId ? { gsi3pk: deploymentPartition(deploymentId) } : {}),
  };
}

/** Task runs are listed in the same way. */
export const taskRunListingKeys = (id: string, listedAt: Instant) => ({
  gsi2pk: timelinePartition('taskRuns', dayOf(listedAt), shardOf(id)),
  gsi2sk: timed(listedAt, id),
});

/** Artifacts of a run are also listed in the index that lists the runs of a deployment. */
export const artifactsPartition = (flowRunId: string): string => `ARTIFACTS#${flowRunId}`;
export const artifactListingKeys = (id: string, at: Instant, flowRunId: string | null) => ({
  gsi2pk: timelinePartition('artifacts', dayOf(at), shardOf(id)),
  gsi2sk: timed(at, id),
  ...(flowRunId === null ? {} : { gsi3pk: artifactsPartition(flowRunId) }),
});

export const recordListingKeys = (list: string, name: string, id: string) => ({
  gsi2pk: list,
  gsi2sk: `${name}#${id}`,
});

/** The time in a key of the timeline. A run's times that equal it are not stored again. */
export const listedAtOf = (gsi2sk: string): Instant => Number(gsi2sk.slice(0, 16));
