import type { Person } from '../../model/values/by-hand.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { readPool } from '../pools/pools.ts';
import { listWorkers, type Worker } from './workers.ts';

/**
 * Drains a session: from its next poll on it gets no new runs, and it finishes the runs that it
 * holds. With `drain` false, the session may claim again.
 * @throws DibsError work_pool_not_found, session_ended
 */
export async function drainAgent(
  context: Context,
  call: { poolName: string; sessionId: string; operator: Person; drain: boolean },
): Promise<Worker> {
  const pool = await readPool(context, call.poolName);
  const draining = call.drain ? { ...call.operator, at: context.now() } : null;
  const done = await context.store.drainSession(pool.id, call.sessionId, draining);
  const workers = done ? await listWorkers(context, pool.name) : [];
  const worker = workers.find(({ session }) => session.id === call.sessionId);
  if (worker) return worker;
  throw new DibsError('session_ended', 'There is no live agent with this session in this pool.', {
    hint: `GET /api/work_pools/${pool.name}/workers lists the agents and their session ids.`,
  });
}
