import type { ClaimedEntry } from '../../model/runs/dispatch-store.ts';
import { isLapsed, isListed, isWorker, type Session } from '../../model/sessions.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';
import { combine, type Matches, type Operator } from '../criteria/criteria.ts';
import { readPool } from '../pools/pools.ts';

export interface Worker {
  readonly session: Session;
  readonly online: boolean;
  /** The runs that it holds, from an index that may be seconds old. */
  readonly holds: readonly ClaimedEntry[];
}

type WorkerStatus = 'ONLINE' | 'OFFLINE';

/** Which workers to list; null and absent fields restrict nothing. */
export interface WorkerFilter {
  readonly operator?: Operator | null | undefined;
  readonly status?:
    | {
        readonly any_?: readonly WorkerStatus[] | null | undefined;
        readonly not_any_?: readonly WorkerStatus[] | null | undefined;
      }
    | null
    | undefined;
  readonly last_heartbeat_time?:
    | {
        readonly before_?: Instant | null | undefined;
        readonly after_?: Instant | null | undefined;
      }
    | null
    | undefined;
}

/**
 * Workers as Prefect lists them: the latest session of each name, the most recent heartbeat first.
 * @throws DibsError work_pool_not_found
 */
export async function filterWorkers(
  context: Context,
  poolName: string,
  filter: WorkerFilter | null | undefined,
): Promise<Omit<Worker, 'holds'>[]> {
  const pool = await readPool(context, poolName);
  const sessions = (await context.store.listSessions(pool.id)).filter(isListed);
  sessions.sort((a, b) => b.lastHeartbeatAt - a.lastHeartbeatAt);
  const latest = new Map(sessions.toReversed().map((session) => [session.workerName, session]));
  const at = context.now();
  return sessions
    .filter((session) => latest.get(session.workerName) === session)
    .map((session) => ({ session, online: isOnline(session, at) }))
    .filter(matchesWorker(filter));
}

function matchesWorker(filter: WorkerFilter | null | undefined): Matches<Omit<Worker, 'holds'>> {
  const { status, last_heartbeat_time: beat } = filter ?? {};
  return combine<Omit<Worker, 'holds'>>(filter?.operator, [
    status
      ? ({ online }) => {
          const is: WorkerStatus = online ? 'ONLINE' : 'OFFLINE';
          return (status.any_?.includes(is) ?? true) && !status.not_any_?.includes(is);
        }
      : undefined,
    beat
      ? ({ session: { lastHeartbeatAt: last } }) =>
          (beat.before_ == null || last <= beat.before_) &&
          (beat.after_ == null || last >= beat.after_)
      : undefined,
  ]);
}

/**
 * Every agent session of a pool, open ones and those that ended within a day, the most recent
 * heartbeat first.
 * @throws DibsError work_pool_not_found
 */
export async function listWorkers(context: Context, poolName: string): Promise<Worker[]> {
  const pool = await readPool(context, poolName);
  const sessions = (await context.store.listSessions(pool.id)).filter(isListed);
  const at = context.now();
  const workers = sessions.map(async (session) => ({
    session,
    online: isOnline(session, at),
    holds: await context.store.listClaimed(session.id),
  }));
  const listed = await Promise.all(workers);
  return listed.sort((a, b) => b.session.lastHeartbeatAt - a.session.lastHeartbeatAt);
}

const isOnline = (session: Session, at: Instant): boolean =>
  isWorker(session) && session.endedAt === null && !isLapsed(session, at);

/** Whether any agent of the pool is alive. */
export async function isAnyoneOnline({ store, now }: Context, poolId: string): Promise<boolean> {
  return (await store.listSessions(poolId)).some((session) => isOnline(session, now()));
}
