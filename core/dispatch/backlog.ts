import type { WorkPool } from '../../model/pools.ts';
import { isLapsed, type Session } from '../../model/sessions.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { FreeSlots } from '../limits/free-slots.ts';
import { openPlaces } from './waiting-runs.ts';

/** What waits in a pool that an agent could claim at once, if there were one that is free. */
export interface Backlog {
  readonly pool: string;
  /** Counted up to NUMBERS.backlogCounted per queue and lane. */
  readonly waiting: number;
  /** Since when the one that is due longest waits; null: nothing does. */
  readonly oldestAt: Instant | null;
  /** Agents that hold nothing, while nothing waits: so many of them can go. 0 while something does. */
  readonly idle: number;
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
  if (due.length > 0) {
    const oldestAt = due.reduce((a, b) => Math.min(a, b));
    return { pool: pool.name, waiting: due.length, oldestAt, idle: 0 };
  }
  const polling = await readPolling(context, pool);
  if (polling.length === 0) return undefined;
  const idle = polling.filter((one) => isIdle(one, context.now())).length;
  return { pool: pool.name, waiting: 0, oldestAt: null, idle };
}

/** Agents that poll a pool that is paused or full are to be told that nothing waits, or they would stay. */
async function isOpen(context: Context, { id, isPaused }: WorkPool): Promise<boolean> {
  return !isPaused && (await new FreeSlots(context).room({ kind: 'pool', id })) !== 0;
}

async function readDue(context: Context, pool: WorkPool): Promise<Instant[]> {
  const { store, now } = context;
  const freeSlots = new FreeSlots(context);
  const queues = (await store.listQueues(pool.id, 'cached')).filter(({ isPaused }) => !isPaused);
  const limit = NUMBERS.backlogCounted;
  const pages = await Promise.all(
    queues.map(async (queue) => {
      if ((await freeSlots.room({ kind: 'queue', id: queue.id })) === 0) return [];
      const places = await openPlaces(queue, freeSlots);
      return Promise.all(
        places.map(({ of }) => store.listReady({ queueId: queue.id, of, now: now(), limit })),
      );
    }),
  );
  return pages.flat().flatMap(({ candidates }) => candidates.map(({ at }) => at));
}

/** Sessions without heartbeats never end: they say nothing. */
const readPolling = async ({ store }: Context, { id }: WorkPool): Promise<Session[]> =>
  (await store.listSessions(id, 'cached')).filter(
    ({ kind, endedAt }) => kind !== 'raw' && endedAt === null,
  );

/** As its last heartbeat said, 10 s ago at most. Workers of Prefect's do not say what they hold. */
const isIdle = (session: Session, now: Instant): boolean =>
  session.kind === 'agent' && session.running === 0 && !isLapsed(session, now);
