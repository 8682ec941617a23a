import type { Scope } from '../../model/limits.ts';
import { placesOf, type WorkPool, type WorkQueue } from '../../model/pools.ts';
import type { ReadyEntry } from '../../model/runs/dispatch-store.ts';
import type { Run } from '../../model/runs/run.ts';
import { isScheduled } from '../../model/runs/state.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches, pages } from '../batches.ts';
import type { Context } from '../context.ts';
import { FreeSlots } from '../limits/free-slots.ts';
import { LATE_AFTER } from '../states/lateness.ts';
import { cancelNew, turnAway } from './turn-away.ts';

/**
 * Cancels the late runs of a pool that exceed the limit of a deployment with the strategy
 * CANCEL_NEW. Polls and claims do so as well, but only if they come to try the run: none comes if
 * the pool or the queue is full or paused, or if nobody polls. Then the surplus would pile up, and
 * would be executed later, one run after the other.
 */
export async function cancelSurplus(context: Context, pool: Pick<WorkPool, 'id'>): Promise<void> {
  const freeSlots = new FreeSlots(context);
  for (const queue of await context.store.listQueues(pool.id, 'fresh')) {
    const full = await fullDeployments(queue, freeSlots);
    if (full.size === 0) continue;
    for (const late of inBatches(await lateRuns(context, queue, full), NUMBERS.turnedAtOnce)) {
      const turned = late.flatMap((entry) => {
        const scope = full.get(entry.deploymentId ?? '');
        return scope ? { entry, full: scope, strategy: 'CANCEL_NEW' as const } : [];
      });
      await turnAway(context, queue, turned);
    }
  }
}

/** The deployments of a queue whose limits are full, and which then cancel new runs. */
async function fullDeployments(
  { limited }: WorkQueue,
  freeSlots: FreeSlots,
): Promise<Map<string, Scope>> {
  const full = new Map<string, Scope>();
  for (const id of limited) {
    const scope = scopeOf(id);
    const isFull = (await freeSlots.room(scope)) === 0;
    if (isFull && (await freeSlots.cancelsNew(scope))) full.set(id, scope);
  }
  return full;
}

/** The late runs of these deployments, in their lanes and, if older than the limit, outside. */
async function lateRuns(
  { store, now }: Context,
  { id: queueId, shards }: WorkQueue,
  full: ReadonlyMap<string, Scope>,
): Promise<ReadyEntry[]> {
  const late: ReadyEntry[] = [];
  for (const of of placesOf({ shards, limited: [...full.keys()] })) {
    const window = { queueId, of, now: now() - LATE_AFTER, limit: NUMBERS.lateReads };
    let read = 0;
    for await (const page of pages((onFrom) => store.listReady({ ...window, ...onFrom }))) {
      late.push(...page.candidates.filter(({ deploymentId = '' }) => full.has(deploymentId)));
      read += page.candidates.length;
      if (read >= NUMBERS.filterReads) break;
    }
  }
  return late;
}

/** Whoever reads a late run of that kind finds it cancelled. @returns the run as it is then */
export async function cancelIfSurplus(context: Context, run: Run): Promise<Run> {
  const { deploymentId, scheduledAt } = run;
  const waits = isScheduled(run.stateType) && !run.claim && deploymentId !== undefined;
  if (!waits || context.now() - (scheduledAt ?? run.expectedAt) <= LATE_AFTER) return run;
  const freeSlots = new FreeSlots(context);
  const scope = scopeOf(deploymentId);
  const isFull = (await freeSlots.room(scope)) === 0;
  if (!isFull || !(await freeSlots.cancelsNew(scope))) return run;
  await cancelNew(context, run.id);
  return (await context.store.readRun(run.id)) ?? run;
}

const scopeOf = (id: string): Scope => ({ kind: 'deployment', id });
