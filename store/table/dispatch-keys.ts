import { type DispatchPlace, SERVED_QUEUE } from '../../model/runs/transition.ts';
import { dayOf, type Instant } from '../../model/values/instant.ts';
import { shardOf, timed } from './timed-keys.ts';

/**
 * The dispatch index: where a run is in its life.
 *
 *   READY#<queueId>#<shard>   <scheduledTime>#<runId>     waits
 *   READY#<queueId>~<deploymentId>  <the same>            waits in the lane of a limited deployment
 *   READY#serve~<deploymentId>      <the same>            waits for a process that serves it
 *   CLAIMED#<sessionId>       <claimedAt>#<runId>         held by a session
 *   CLAIMED#<sessionId>       ~cancel#<time>#<runId>      held, and asked to stop (~ sorts last)
 *   CLAIMED#adhoc#<shard>     <time>#<runId>              executed by hand or served, not final
 *   DUE#pause#<shard>         <time>#<runId>              (beside the run) its pause times out
 *   DUE#cancelled#<shard>     <time>#<runId>              (beside the run) what it started is cancelled
 *   DUE#schedule#<shard>      <time>#<deploymentId>       (beside the deployment) a visit is due
 *   DUE#lease#<shard>         <time>#<leaseId>            a lease of slots expires
 *   FAILED#<day>#<shard>      <time>#<runId>              the dead-letter view
 *   (absent)                                              completed, cancelled, suspended
 */
export interface DispatchKey {
  readonly gsi1pk: string;
  readonly gsi1sk: string;
}

export const readyPartition = (queueId: string, shard: number): string =>
  `READY#${queueId}#${shard}`;
export const lanePartition = (queueId: string, deploymentId: string): string =>
  `READY#${queueId}~${deploymentId}`;
/** The runs of a deployment without a pool wait in a partition of their own. */
const servedPartition = (deploymentId: string): string => lanePartition(SERVED_QUEUE, deploymentId);
export const claimedPartition = (sessionId: string): string => `CLAIMED#${sessionId}`;
export const byHandPartition = (shard: number): string => `CLAIMED#adhoc#${shard}`;
export const failedPartition = (day: string, shard: number): string => `FAILED#${day}#${shard}`;
export const pausePartition = (shard: number): string => `DUE#pause#${shard}`;
export const duePauseKeys = (runId: string, until: Instant): DispatchKey => ({
  gsi1pk: pausePartition(shardOf(runId)),
  gsi1sk: timed(until, runId),
});
export const cancellationPartition = (shard: number): string => `DUE#cancelled#${shard}`;
export const dueCancellationKeys = (runId: string, at: Instant): DispatchKey => ({
  gsi1pk: cancellationPartition(shardOf(runId)),
  gsi1sk: timed(at, runId),
});
export const visitPartition = (shard: number): string => `DUE#schedule#${shard}`;
export const dueVisitKeys = (deploymentId: string, at: Instant): DispatchKey => ({
  gsi1pk: visitPartition(shardOf(deploymentId)),
  gsi1sk: timed(at, deploymentId),
});
export const leasePartition = (shard: number): string => `DUE#lease#${shard}`;
export const dueLeaseKeys = (leaseId: string, until: Instant): DispatchKey => ({
  gsi1pk: leasePartition(shardOf(leaseId)),
  gsi1sk: timed(until, leaseId),
});
const CANCELLING = '~cancel#';
export const isCancellingKey = (gsi1sk: string): boolean => gsi1sk.startsWith(CANCELLING);
/** The time in a key of the dispatch index. */
export const timeOf = (gsi1sk: string): Instant =>
  Number(gsi1sk.slice(isCancellingKey(gsi1sk) ? CANCELLING.length : 0).split('#')[0]);

/** undefined: the run is not listed. */
export function dispatchKey(runId: string, place: DispatchPlace): DispatchKey | undefined {
  switch (place.kind) {
    case 'ready':
      // Each queue has one shard so far. Busy queues will get more, to be chosen here.
      return {
        gsi1pk: place.lane
          ? lanePartition(place.queueId, place.lane)
          : readyPartition(place.queueId, 0),
        gsi1sk: timed(place.at, runId),
      };
    case 'claimed':
      return { gsi1pk: claimedPartition(place.sessionId), gsi1sk: timed(place.at, runId) };
    case 'cancelling':
      return {
        gsi1pk: claimedPartition(place.sessionId),
        gsi1sk: `${CANCELLING}${timed(place.at, runId)}`,
      };
    case 'served':
      return { gsi1pk: servedPartition(place.deploymentId), gsi1sk: timed(place.at, runId) };
    case 'adhoc':
      return { gsi1pk: byHandPartition(shardOf(runId)), gsi1sk: timed(place.at, runId) };
    case 'failed':
      return {
        gsi1pk: failedPartition(dayOf(place.at), shardOf(runId)),
        gsi1sk: timed(place.at, runId),
      };
    case 'nowhere':
      return undefined;
  }
}
