import { activeSchedules, type Deployment } from '../../model/deployments.ts';
import type { Run } from '../../model/runs/run.ts';
import { isScheduled } from '../../model/runs/state.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches, pages } from '../batches.ts';
import type { Context } from '../context.ts';
import { timesAhead } from './plan.ts';
import { scheduledRunId } from './run-ids.ts';

/**
 * Deletes the future runs that schedules of former generations of a deployment created. Runs that
 * are already due stay, and so do runs that were ever claimed. No scheduler creates the deleted
 * runs again: see createScheduledRuns() in store/schedules.ts.
 *
 * @param former the deployment before the change. The ids of its future runs follow from its rules,
 *   so runs that the index does not show yet are found too.
 */
export async function clearScheduledRuns(
  context: Context,
  { id, generation }: Pick<Deployment, 'id' | 'generation'>,
  since: Instant,
  former?: Deployment,
): Promise<void> {
  const { store } = context;
  const ids = new Set(former ? idsAhead(former, since) : []);
  const window = { deploymentIds: [id], from: since, limit: NUMBERS.readAtOnce };
  for await (const { entries } of pages((onFrom) => store.listRuns({ ...window, ...onFrom }))) {
    for (const { runId } of entries) ids.add(runId);
  }
  for (const some of inBatches([...ids], NUMBERS.recoverAtOnce)) {
    const runs = await store.readRuns(some);
    await Promise.all(
      runs
        .filter((run) => isOutdated(run, generation, since))
        // If the condition fails, another process has deleted the run, or its state has changed.
        .map((run) => store.deleteRun(run, undefined)),
    );
  }
}

/**
 * The ids of its future runs. The scheduler's clock may be ahead of this one, so its skew is added.
 */
function idsAhead(former: Deployment, since: Instant): string[] {
  return activeSchedules(former).flatMap((schedule) => {
    try {
      const { ahead } = timesAhead(schedule, since + NUMBERS.clockSkew);
      return ahead.map((time) => scheduledRunId(former, schedule.id, time));
    } catch {
      // A rule that cannot be read: the index shows the runs that it once had.
      return [];
    }
  });
}

const isOutdated = (run: Run, generation: number, since: Instant): boolean =>
  run.madeBy !== undefined &&
  (run.deploymentGeneration ?? 0) < generation &&
  isScheduled(run.stateType) &&
  run.attempt === 0 &&
  (run.scheduledAt ?? 0) > since;
