import type { Run } from '../../model/runs/run.ts';
import { isCancelling, isFinal, isScheduled } from '../../model/runs/state.ts';
import type { Store } from '../../model/store.ts';
import type { Instant } from '../../model/values/instant.ts';

/**
 * A store whose dispatch index is `lag` behind its writes, as a DynamoDB index may be: reads of it
 * show each run as it was that long ago. Items themselves are read as they are.
 */
export function laggingIndex(store: Store, now: () => Instant, lag: Instant): Store {
  const versions = new Map<string, Array<{ at: Instant; run: Run }>>();
  const note = (run: Run) => {
    const known = versions.get(run.id) ?? [];
    versions.set(run.id, [...known, { at: now(), run }]);
  };
  const asSeen = (): Run[] => {
    const until = now() - lag;
    return [...versions.values()].flatMap(
      (known) => known.findLast(({ at }) => at <= until)?.run ?? [],
    );
  };
  return {
    ...store,
    createRun: async (run) => {
      const result = await store.createRun(run);
      note(result.run);
      return result;
    },
    claim: async (attempt) => {
      const written = await store.claim(attempt);
      if (written.run) note(written.run);
      return written;
    },
    transition: async (to, guard) => {
      const written = await store.transition(to, guard);
      const run = await store.readRun(to.runId);
      if (run) note(run);
      return written;
    },
    listReady: async ({ queueId, of, now: at }) => ({
      candidates: asSeen()
        .filter((run) => !run.claim && isScheduled(run.stateType) && run.queueId === queueId)
        .filter((run) => (run.scheduledAt ?? 0) <= at)
        .filter((run) => (typeof of === 'object' ? isIn(run, of.lane) : !run.inLane))
        .map((run) => ({
          runId: run.id,
          attempts: run.attempt,
          at: run.scheduledAt ?? 0,
          inLane: run.inLane,
          ...(run.deploymentId ? { deploymentId: run.deploymentId } : {}),
        })),
    }),
    listClaimed: async (sessionId) =>
      asSeen().flatMap((run) =>
        run.claim?.sessionId === sessionId && !isFinal(run.stateType)
          ? [
              {
                runId: run.id,
                since: run.states.at(-1)?.at ?? 0,
                attempt: run.attempt,
                claimId: run.claim.claimId,
                cancelling: isCancelling(run.stateType),
              },
            ]
          : [],
      ),
  };
}

const isIn = (run: Run, lane: string): boolean => run.inLane && run.deploymentId === lane;
