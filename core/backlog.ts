import { Admission } from './admission.ts';
import type { Context } from './context.ts';
import type { Instant } from './instant.ts';
import { LIMITS } from './limits.ts';
import type { WorkPool } from './records.ts';
import { openPlaces } from './waiting-runs.ts';

/** What waits in a pool that an agent could claim at once, if there were one that is free. */
export interface Backlog {
  readonly pool: string;
  /** Counted up to LIMITS.backlogCounted per queue and lane. */
  readonly waiting: number;
  /** Since when the one that is due longest waits; null: nothing does. */
  readonly oldestAt: Instant | null;
}

/**
 * Of each pool where something waits or somebody polls: nobody asks about the others, and a metric that
 * is told costs. What is paused, or waits for a slot of a full limit, waits on purpose and does not count.
 */
export async function readBacklogs(context: Context): Promise<Backlog[]> {
  const pools = await context.store.listPools();
  const backlogs = await Promise.all(pools.map((pool) => readBacklog(context, pool)));
  return backlogs.flatMap((one) => one ?? []);
}

async function readBacklog(context: Context, pool: WorkPool): Promise<Backlog | undefined> {
  const due = (await isOpen(context, pool)) ? await readDue(context, pool) : [];
  if (due.length === 0 && !(await isPolled(context, pool))) return undefined;
  const oldestAt = due.length === 0 ? null : due.reduce((a, b) => Math.min(a, b));
  return { pool: pool.name, waiting: due.length, oldestAt };
}

/** Agents that poll a pool that is paused or full are to be told that nothing waits, or they would stay. */
async function isOpen(context: Context, { id, isPaused }: WorkPool): Promise<boolean> {
  return !isPaused && (await new Admission(context).room({ kind: 'pool', id })) !== 0;
}

async function readDue(context: Context, pool: WorkPool): Promise<Instant[]> {
  const { store, now } = context;
  const admission = new Admission(context);
  const queues = (await store.listQueues(pool.id, 'cached')).filter(({ isPaused }) => !isPaused);
  const limit = LIMITS.backlogCounted;
  const pages = await Promise.all(
    queues.map(async (queue) => {
      if ((await admission.room({ kind: 'queue', id: queue.id })) === 0) return [];
      const places = await openPlaces(queue, admission);
      return Promise.all(
        places.map(({ of }) => store.listReady({ queueId: queue.id, of, now: now(), limit })),
      );
    }),
  );
  return pages.flat().flatMap(({ candidates }) => candidates.map(({ at }) => at));
}

/** Sessions without heartbeats never end: they say nothing. */
const isPolled = async ({ store }: Context, { id }: WorkPool): Promise<boolean> =>
  (await store.listSessions(id, 'cached')).some(
    ({ kind, endedAt }) => kind !== 'raw' && endedAt === null,
  );
