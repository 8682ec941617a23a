import type { Context } from './context.ts';
import { LIMITS } from './limits.ts';
import type { WorkPool } from './records.ts';
import type { Run } from './run.ts';
import { admissible, type Limit, type Scope, scopeKey } from './slots.ts';

/**
 * A limit is set where there was none. Claims that were decided before know nothing of it, and take no
 * slot; some of them may not even be written yet:
 *
 *   limit written    older records are good for   the index shows all    slots for all that is held
 *        |-------------------- 5 s -------------------|------ 5 s ------------|------> admits
 *        <------------------- nothing is admitted -------------------------->
 *
 * So nothing is admitted until then, and whoever comes by after it gives every live claim of the scope
 * its slot, though they be more than the limit. In a pool that never had a session nobody can have
 * claimed anything, and none of this takes any time.
 */
export async function settle(context: Context, limit: Limit): Promise<boolean> {
  if (limit.settlesAt === null) return true;
  const { store } = context;
  const { scope } = limit;
  const isOver = context.now() >= limit.settlesAt;
  if (!isOver && !(await isUnused(context, scope))) return false;
  if (isOver) {
    for (const id of await claimedIn(context, scope)) await grant(context, scope, id);
  }
  return store.writeLimit({ ...limit, version: limit.version + 1, settlesAt: null });
}

/** No session was ever there: who claims from now on reads its records after the limit was set. */
async function isUnused({ store }: Context, { kind, id }: Scope): Promise<boolean> {
  const pools = await store.listPools();
  const ids = kind === 'pool' ? [id] : await poolsOf({ store }, kind, id, pools);
  const sessions = await Promise.all(ids.map((poolId) => store.listSessions(poolId)));
  return sessions.every((list) => list.length === 0);
}

async function poolsOf(
  { store }: Pick<Context, 'store'>,
  kind: 'queue' | 'deployment',
  id: string,
  pools: readonly WorkPool[],
): Promise<string[]> {
  const place = kind === 'queue' ? await store.readQueuePlace(id) : undefined;
  // Runs of a deployment may wait in the queues it was in before.
  return place ? [place.poolId] : pools.map((pool) => pool.id);
}

/** Ids of runs that may be held within a scope, as the index shows them. */
async function claimedIn({ store }: Context, { kind, id }: Scope): Promise<string[]> {
  const pools = await store.listPools();
  const ids = kind === 'pool' ? [id] : await poolsOf({ store }, kind, id, pools);
  const sessions = await Promise.all(ids.map((poolId) => store.listSessions(poolId)));
  const entries = await Promise.all(
    sessions.flat().map((session) => store.listClaimed(session.id)),
  );
  const byHand = kind === 'deployment' ? await store.listByHand() : [];
  return [...new Set([...entries.flat().map(({ runId }) => runId), ...byHand])];
}

/** A slot for one claim, unless it has one, or has ended, or is of another scope. */
async function grant(context: Context, scope: Scope, runId: string): Promise<void> {
  const { store } = context;
  for (let tries = 0; tries < LIMITS.decisions; tries++) {
    const run = await store.readRun(runId);
    if (!run?.claim || !(await isWithin(context, run, scope)) || hasSlot(run, scope)) return;
    const { held } = await store.readSlots(scope);
    const taken = new Set(held.map(({ k }) => k));
    // The lowest that is free, whatever the limit: it is held already, and counts.
    const [k = taken.size] = admissible(taken.size + 1, taken);
    const granted = await store.grantSlot({ run, scope, k, at: context.now() });
    if (granted === 'granted') return;
  }
}

const hasSlot = (run: Run, scope: Scope): boolean =>
  run.slots.some((slot) => scopeKey(slot.scope) === scopeKey(scope));

async function isWithin({ store }: Context, run: Run, { kind, id }: Scope): Promise<boolean> {
  if (kind === 'deployment') return run.deploymentId === id;
  if (kind === 'queue') return run.queueId === id;
  const place = run.queueId ? await store.readQueuePlace(run.queueId) : undefined;
  return place?.poolId === id;
}

/** The limits of this pool, its queues and what waits in them; where there are none, nothing is read. */
async function limitsOf({ store }: Context, pool: WorkPool): Promise<Limit[]> {
  const queues = await store.listQueues(pool.id, 'fresh');
  const scopes: Scope[] = [
    ...(pool.concurrencyLimit === null ? [] : [{ kind: 'pool' as const, id: pool.id }]),
    ...queues
      .filter(({ concurrencyLimit }) => concurrencyLimit !== null)
      .map(({ id }) => ({ kind: 'queue' as const, id })),
    ...queues.flatMap(({ limited }) => limited.map((id) => ({ kind: 'deployment' as const, id }))),
  ];
  return scopes.length > 0 ? store.readLimits(scopes) : [];
}

/** Limits that nobody settled: who set them may have died over it. */
export async function settleLimits(context: Context, pool: WorkPool): Promise<void> {
  for (const limit of await limitsOf(context, pool)) await settle(context, limit);
}

/** Slots whose run is gone or not held any more. None should be: a claim's end frees its slots. */
export async function freeStranded(context: Context, pool: WorkPool): Promise<void> {
  const { store } = context;
  for (const { scope, limit } of await limitsOf(context, pool)) {
    if (limit === null) continue;
    const { held } = await store.readSlots(scope);
    const runs = new Map(
      (await store.readRuns(held.map(({ runId }) => runId))).map((run) => [run.id, run]),
    );
    for (const slot of held) {
      const run = runs.get(slot.runId);
      if (run?.claim && run.attempt === slot.attempt) continue;
      context.count('slots_stranded', 1);
      await store.freeSlot(scope, slot);
    }
  }
}
