import type { Deployment } from '../../model/deployments.ts';
import { placesOf, type QueuePlace } from '../../model/pools.ts';
import type { ReadyEntry, ReadyWindow } from '../../model/runs/dispatch-store.ts';
import type { Run } from '../../model/runs/run.ts';
import { SERVED_QUEUE } from '../../model/runs/transition.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { confirmed } from '../dispatch/waiting-runs.ts';
import { remember } from '../known-runs.ts';
import { stampServed } from '../pools/polled.ts';

/**
 * Returns the runs that a process that serves deployments (Prefect's `serve()`) sees when it polls:
 * the waiting runs of these deployments, whether they wait for such a process or in a pool's queue.
 * The runs that have been due longest come first. Pauses and limits of pools and queues do not
 * apply to such a process; a deployment's own limit is enforced at the claim.
 */
export async function servedRuns(
  context: Context,
  call: { deploymentIds: readonly string[]; scheduledBefore: Instant; limit: number },
): Promise<Run[]> {
  const { scheduledBefore: before, limit } = call;
  const deployments = await context.store.readDeployments([...new Set(call.deploymentIds)]);
  await stampServed(context, deployments);
  const entries = await Promise.all(
    deployments.map((deployment) => entriesOf(context, deployment, before, limit)),
  );
  const first = entries.flat().sort((a, b) => a.at - b.at);
  const runs: Run[] = [];
  while (first.length > 0 && runs.length < limit) {
    runs.push(...(await confirmed(context, first.splice(0, limit - runs.length), before)));
  }
  for (const run of runs) remember(context, run);
  return runs;
}

async function entriesOf(
  context: Context,
  { id, queueId }: Deployment,
  now: Instant,
  limit: number,
): Promise<ReadyEntry[]> {
  const own = { queueId: SERVED_QUEUE, of: { lane: id }, now, limit };
  const places: ReadyWindow[] = [own];
  const place = queueId ? await context.store.readQueuePlace(queueId) : undefined;
  if (place) places.push(...placesIn(place, id, now));
  const found = await Promise.all(places.map((window) => ofDeployment(context, window, id, limit)));
  return found.flat();
}

const placesIn = ({ queueId, shards }: QueuePlace, lane: string, now: Instant): ReadyWindow[] =>
  placesOf({ shards, limited: [lane] }).map((of) => ({
    queueId,
    of,
    now,
    limit: NUMBERS.deckSize,
  }));

/** Reads page after page, because a queue also holds runs of other deployments. */
async function ofDeployment(
  { store }: Context,
  window: ReadyWindow,
  deploymentId: string,
  limit: number,
): Promise<ReadyEntry[]> {
  const entries: ReadyEntry[] = [];
  let after: string | undefined;
  for (let page = 0; page < NUMBERS.pagesPerPoll && entries.length < limit; page++) {
    const read = await store.listReady({ ...window, ...(after ? { after } : {}) });
    entries.push(...read.candidates.filter((entry) => entry.deploymentId === deploymentId));
    after = read.next;
    if (after === undefined) break;
  }
  return entries;
}
