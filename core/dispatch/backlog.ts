import type { WorkPool } from '../../model/pools.ts';
import { isLapsed, type Session } from '../../model/sessions.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { FreeSlots } from '../limits/free-slots.ts';
import { openPlaces } from './waiting-runs.ts';

/** The runs of a pool that a free agent could claim at once, and the agents that are idle. */
export interface Backlog {
  readonly pool: string;
  /** How many runs wait, counted up to NUMBERS.backlogCounted per shard and lane of a queue. */
  readonly waiting: number;
  /** Since when the run that has been due longest waits; null if none waits. */
  readonly oldestAt: Instant | null;
  /**
   * How many agents hold no run while no run waits: so many can be stopped. 0 while a run waits.
   */
  readonly idle: number;
}

/**
 * Returns the backlog of each pool in which a run waits or an agent polls. Other pools are left
 * out, because every metric that is published costs. Runs in paused pools and queues, and runs that
 * wait for a slot of a full limit, wait on purpose and do not count.
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

/**
 * Whether the pool is neither paused nor full. For a paused or full pool the backlog must be 0, or
 * the idle agents that poll it would be kept running.
 */
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

/**
 * The open sessions with heartbeats. Sessions without heartbeats never end, so they say nothing.
 */
const readPolling = async ({ store }: Context, { id }: WorkPool): Promise<Session[]> =>
  (await store.listSessions(id, 'cached')).filter(
    ({ kind, endedAt }) => kind !== 'raw' && endedAt === null,
  );

/**
 * Whether an agent holds no run, according to its last heartbeat at most 10 s ago. Prefect's
 * workers do not report what they hold.
 */
const isIdle = (session: Session, now: Instant): boolean =>
  session.kind === 'agent' && session.running === 0 && !isLapsed(session, now);
