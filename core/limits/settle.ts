import { admissible, type Limit, type Scope, scopeKey } from '../../model/limits.ts';
import type { WorkPool } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches } from '../batches.ts';
import type { Context } from '../context.ts';

/**
 * Puts a first limit into effect, where there was none. Claims that were decided before do not know
 * of it and take no slot; some of them may not even be written yet:
 *
 *   limit written    older claims are written    the index shows them   every claim gets its slot
 *        |-------------------- 7 s -------------------|------ 5 s ------------|------> admits
 *        <---------------- no claim is admitted ----------------------------->
 *
 * So no claim is admitted until then. The first caller after it gives every live claim of the scope
 * a slot, even if there are more claims than the limit allows. In a pool that never had a session
 * no run can have been claimed, so there the limit takes effect at once.
 * @returns whether the limit admits claims
 */
export async function settle(context: Context, limit: Limit): Promise<boolean> {
  if (limit.settlesAt === null) return true;
  const { store } = context;
  const { scope } = limit;
  const isOver = context.now() >= limit.settlesAt;
  if (isOver ? !(await grantAll(context, scope)) : !(await isUnused(context, scope))) return false;
  return store.writeLimit({ ...limit, version: limit.version + 1, settlesAt: null });
}

/**
 * Whether there was never a session in this scope: then every claim from now on reads its records
 * after the limit was set. For a deployment this cannot be found out as easily: its runs may be in
 * any pool, or in none.
 */
async function isUnused({ store }: Context, { kind, id }: Scope): Promise<boolean> {
  if (kind === 'deployment') return false;
  const ids = kind === 'pool' ? [id] : await poolsOf({ store }, kind, id, []);
  const sessions = await Promise.all(ids.map((poolId) => store.listSessions(poolId)));
  return sessions.every((list) => list.length === 0);
}

async function poolsOf(
  { store }: Pick<Context, 'store'>,
  kind: 'queue' | 'deployment',
  id: string,
  pools: ReadonlyArray<Pick<WorkPool, 'id'>>,
): Promise<string[]> {
  const place = kind === 'queue' ? await store.readQueuePlace(id) : undefined;
  // Runs of a deployment may still wait in queues that it was in before.
  return place ? [place.poolId] : pools.map((pool) => pool.id);
}

/** The ids of runs that may be held within a scope, according to the index. */
async function claimedIn({ store }: Context, { kind, id }: Scope): Promise<string[]> {
  const pools = [...(await store.listPools()), ...(await store.listDeletedPools())];
  const ids = kind === 'pool' ? [id] : await poolsOf({ store }, kind, id, pools);
  const sessions = await Promise.all(ids.map((poolId) => store.listSessions(poolId)));
  const entries = await Promise.all(
    sessions.flat().map((session) => store.listClaimed(session.id)),
  );
  const byHand = kind === 'deployment' ? await store.listByHand() : [];
  const handled = byHand.filter(({ attempt }) => attempt > 0).map(({ runId }) => runId);
  return [...new Set([...entries.flat().map(({ runId }) => runId), ...handled])];
}

/** Gives a slot to every claim of a scope. False: not all are done, and this must be repeated. */
async function grantAll(context: Context, scope: Scope): Promise<boolean> {
  const { store } = context;
  const until = context.now() + NUMBERS.settlesFor;
  const ids = await claimedIn(context, scope);
  const { held } = await store.readSlots(scope);
  const taken = new Set(held.map(({ k }) => k));
  // The lowest free numbers, whatever the limit is: these runs are already held and must count.
  const free = admissible(taken.size + ids.length, taken);
  let all = true;
  for (const some of inBatches(ids, NUMBERS.recoverAtOnce)) {
    if (context.now() > until) return false;
    const runs = await store.readRuns(some);
    const granted = await Promise.all(
      runs.map((run) => grant(context, scope, run, () => free.shift() ?? taken.size + ids.length)),
    );
    all &&= granted.every((one) => one);
  }
  return all;
}

/** Gives one claim a slot, unless it has one, or has ended, or belongs to another scope. */
async function grant(
  context: Context,
  scope: Scope,
  run: Run,
  nextFree: () => number,
): Promise<boolean> {
  if (!run.claim || hasSlot(run, scope) || !(await isWithin(context, run, scope))) return true;
  const slot = { run, scope, k: nextFree(), at: context.now() };
  return (await context.store.grantSlot(slot)) === 'granted';
}

const hasSlot = (run: Run, scope: Scope): boolean =>
  run.slots.some((slot) => scopeKey(slot.scope) === scopeKey(scope));

async function isWithin({ store }: Context, run: Run, { kind, id }: Scope): Promise<boolean> {
  if (kind === 'deployment') return run.deploymentId === id;
  if (kind === 'queue') return run.queueId === id;
  const place = run.queueId ? await store.readQueuePlace(run.queueId) : undefined;
  return place?.poolId === id;
}

/**
 * The limits of this pool, of its queues and of the deployments registered on them. If none of them
 * has a limit, no limit is read.
 */
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

/** Settles the limits of a pool that are not settled, in case the process that set one has died. */
export async function settleLimits(context: Context, pool: WorkPool): Promise<void> {
  for (const limit of await limitsOf(context, pool)) await settle(context, limit);
}

/**
 * Frees slots whose run is gone or no longer held under this attempt. There should be none, because
 * the write that ends a claim frees its slots.
 */
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
