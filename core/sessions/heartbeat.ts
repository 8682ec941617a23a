import type { Recovery, WorkPool } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import type { Session } from '../../model/sessions.ts';
import { DibsError, poolNotFound, sessionEnded } from '../../model/values/errors.ts';
import { SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { holdsInPool, ofPool } from '../pools/is-of-pool.ts';
import { recoverEnded } from '../recovery/dead-sessions.ts';
import { endAndRecover, isSessionOver } from './end-session.ts';
import { readDeletedSession } from './former-pool.ts';

export interface HeartbeatCall {
  readonly poolName: string;
  readonly sessionId: string;
  readonly workerName: string;
  readonly host: string | null;
  /** Whether this is the first heartbeat, which opens the session. */
  readonly started: boolean;
  /** The session that this agent had before it was restarted. */
  readonly replaces?: string;
  readonly capacity: number;
  /** The runs that the agent believes it holds. */
  readonly runs: ReadonlyArray<{ readonly id: string; readonly attempt: number }>;
  readonly ended: boolean;
}

export interface Heartbeat {
  readonly leaseSeconds: number;
  readonly onLeaseLoss: Recovery['onLeaseLoss'];
  readonly draining: boolean;
  /** Runs that the agent holds and has to stop. */
  readonly cancel: ReadonlyArray<{ readonly id: string; readonly attempt: number }>;
  /** Runs that the agent no longer holds: it has to kill their processes and report nothing. */
  readonly lost: ReadonlyArray<{ id: string; attempt: number; holder: Holder | null }>;
  /** Runs that the agent holds but did not report: the response to their claim was lost. */
  readonly unknown: readonly Run[];
}

interface Holder {
  readonly sessionId: string;
  readonly workerName: string | null;
}

/**
 * Opens, renews or ends a session with one write, however many runs it holds, and compares the runs
 * that the agent reports with the runs in the index. The index may be seconds old, so each
 * difference is confirmed by a consistent read of the run before it is returned.
 *
 * @throws DibsError work_pool_not_found, session_ended, name_in_use
 */
export async function heartbeat(context: Context, call: HeartbeatCall): Promise<Heartbeat> {
  const { store } = context;
  const known = await store.readPool(call.poolName, 'cached');
  if (!known && call.started) throw poolNotFound(call.poolName);
  const live = known && (await openOrRenew(context, known, call));
  const renewed = live ?? (await renewDeleted(context, call));
  if (!renewed) throw known ? sessionEnded() : poolNotFound(call.poolName);
  const { pool, session } = renewed;
  await store.stampService(pool.id, 'agent');
  // If an agent ends its session while it holds runs, these are recovered at once.
  if (call.ended) await recoverEnded(context, pool, session);
  return {
    leaseSeconds: NUMBERS.lease / SECOND,
    onLeaseLoss: pool.recovery.onLeaseLoss,
    // No more runs can be claimed in a deleted pool.
    draining: session.draining !== null || !live,
    ...(await compare(context, pool, call)),
  };
}

/** Returns `undefined` if there is no such live session in this pool. */
async function openOrRenew(
  context: Context,
  pool: WorkPool,
  call: HeartbeatCall,
): Promise<Renewed | undefined> {
  const session = call.started ? await open(context, pool, call) : await renew(context, pool, call);
  return session && { pool, session };
}

interface Renewed {
  readonly pool: SessionPool;
  readonly session: Session;
}

/** The parts of a pool that a session needs. The pool may have been deleted. */
type SessionPool = Pick<WorkPool, 'id' | 'recovery'>;

/**
 * Renews the session of an agent whose pool was deleted, while it holds runs. Once it holds none,
 * the session is ended, and the agent gets 410.
 * @throws DibsError work_pool_not_found, session_ended
 */
async function renewDeleted(context: Context, call: HeartbeatCall): Promise<Renewed | undefined> {
  const deleted = await readDeletedSession(context, call.poolName, call.sessionId);
  if (!deleted) return undefined;
  const { pool } = deleted;
  const claimed =
    call.runs.length > 0 ||
    (await holdsInPool(context, { poolId: pool.id, sessionId: call.sessionId }));
  const session = await renew(context, pool, { ...call, ended: call.ended || !claimed });
  if (session && (call.ended || claimed)) return { pool, session };
  throw sessionEnded();
}

async function open(context: Context, pool: WorkPool, call: HeartbeatCall): Promise<Session> {
  const { store } = context;
  const at = context.now();
  const session: Session = {
    id: call.sessionId,
    poolId: pool.id,
    kind: 'agent',
    workerName: call.workerName,
    host: call.host,
    capacity: call.capacity,
    running: call.runs.length,
    openedAt: at,
    lastHeartbeatAt: at,
    leaseExpiresAt: at + NUMBERS.lease,
    endedAt: call.ended ? at : null,
    draining: null,
  };
  if (call.replaces && call.replaces !== call.sessionId) {
    await endAndRecover(context, pool, call.replaces);
  }
  let opened = await store.openSession(session, call.replaces);
  if (typeof opened === 'object' && (await isSessionOver(context, pool, opened.nameHeldBy))) {
    opened = await store.openSession(session, opened.nameHeldBy);
  }
  if (opened === 'opened') return session;
  if (opened === 'open already') {
    const renewed = await renew(context, pool, call);
    if (renewed) return renewed;
  }
  if (opened === 'open already' || opened === 'ended') throw sessionEnded();
  throw new DibsError('name_in_use', `Another agent named "${call.workerName}" is alive.`, {
    hint: 'Choose another name, or add a suffix to it.',
  });
}

/** Returns `undefined` if there is no such live session. */
async function renew(
  { store, now }: Context,
  pool: SessionPool,
  call: HeartbeatCall,
): Promise<Session | undefined> {
  const at = now();
  const session = await store.renewSession({
    poolId: pool.id,
    sessionId: call.sessionId,
    capacity: call.capacity,
    running: call.runs.length,
    at,
    leaseExpiresAt: at + NUMBERS.lease,
    endedAt: call.ended ? at : null,
  });
  if (session) return session;
  // If the agent ends its session again because the first response was lost, this succeeds too.
  return call.ended ? store.readSession(pool.id, call.sessionId) : undefined;
}

async function compare(context: Context, pool: SessionPool, call: HeartbeatCall) {
  const { store } = context;
  const entries = await store.listClaimed(call.sessionId);
  const key = (run: { id: string; attempt: number }) => `${run.id}.${run.attempt}`;
  const listed = new Map(entries.map((e) => [key({ id: e.runId, attempt: e.attempt }), e]));
  const told = new Set(call.runs.map(key));

  const missing = call.runs.filter((run) => !listed.has(key(run)));
  const surprising = entries.filter((e) => !told.has(key({ id: e.runId, attempt: e.attempt })));
  const ids = new Set([...missing.map(({ id }) => id), ...surprising.map(({ runId }) => runId)]);
  const runs = new Map((await store.readRuns([...ids])).map((run) => [run.id, run]));
  const holds = (run: Run | undefined, attempt: number): boolean =>
    run?.claim?.sessionId === call.sessionId && run.attempt === attempt;

  const lost = missing.filter(({ id, attempt }) => !holds(runs.get(id), attempt));
  const forgotten = surprising.flatMap(({ runId, attempt }) => {
    const run = runs.get(runId);
    return run && holds(run, attempt) ? [run] : [];
  });
  const unknown = await ofPool(context, pool.id, forgotten);
  const mine = new Set(unknown.map(({ id }) => id));
  const cancelling = entries.filter(
    (entry) =>
      entry.cancelling &&
      (mine.has(entry.runId) || told.has(key({ id: entry.runId, attempt: entry.attempt }))),
  );
  return {
    unknown,
    cancel: cancelling.map(({ runId, attempt }) => ({ id: runId, attempt })),
    lost: await Promise.all(
      lost.map(async (run) => ({
        ...run,
        holder: await holderOf(context, pool, runs.get(run.id)),
      })),
    ),
  };
}

async function holderOf({ store }: Context, pool: SessionPool, run: Run | undefined) {
  if (!run?.claim) return null;
  const { sessionId } = run.claim;
  const session = await store.readSession(pool.id, sessionId);
  return { sessionId, workerName: session?.workerName ?? null };
}
