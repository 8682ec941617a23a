import { placesOf } from '../../model/pools.ts';
import type { ReadyWindow } from '../../model/runs/dispatch-store.ts';
import {
  isFailure,
  isFinal,
  isPaused,
  isScheduled,
  type StateType,
} from '../../model/runs/state.ts';
import { SERVED_QUEUE } from '../../model/runs/transition.ts';
import { DAY, dayOf, fromIso, type Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { pages } from '../batches.ts';
import type { Context } from '../context.ts';

/** Whether the dispatch index lists every run in a state of this type: see store/table/keys.ts. */
const isListed = (type: StateType): boolean =>
  isFailure(type) || !(isFinal(type) || isPaused(type));

/**
 * The ids of all runs that may be in these states, and of some others, from the dispatch index.
 * `undefined`: the index does not list all such runs, or lists too many to read.
 */
export async function listByState(
  context: Context,
  types: readonly StateType[],
  endedFrom: Instant | undefined,
): Promise<string[] | undefined> {
  if (!types.every(isListed)) return undefined;
  const days = types.some(isFailure) ? await failureDays(context, endedFrom) : [];
  if (!days) return undefined;
  const lists: string[][] = [];
  // Waiting, then active, then failed, as runs progress: a run that changes its state in the
  // meantime is seen in one list or the other.
  if (types.some(isScheduled)) lists.push(...(await listWaiting(context)));
  if (!types.every(isFailure)) lists.push(...(await listActive(context)));
  if (days.length > 0) lists.push(await context.store.listFailed(days));
  const ids = [...new Set(lists.flat())];
  return ids.length > NUMBERS.filterReads ? undefined : ids;
}

/**
 * Every day on which a run that still exists may have failed; undefined if there are too many days.
 */
async function failureDays(
  { store, now }: Context,
  endedFrom: Instant = 0,
): Promise<string[] | undefined> {
  const [firstDay] = (await store.listDays()).sort();
  const until = now();
  const created = (firstDay && fromIso(`${firstDay}T00:00:00Z`)) || until;
  // DynamoDB may take two days to delete expired items.
  const from = Math.max(endedFrom, created, until - NUMBERS.retention - 2 * DAY);
  if (until - from > NUMBERS.failedDays * DAY) return undefined;
  const days = new Set<string>([dayOf(until), dayOf(until + NUMBERS.clockSkew)]);
  for (let at = from; at < until; at += DAY) days.add(dayOf(at));
  return [...days];
}

async function listWaiting(context: Context): Promise<string[][]> {
  const { store } = context;
  const pools = await store.listPools();
  const queues = await Promise.all(pools.map(({ id }) => store.listQueues(id, 'fresh')));
  const places: Array<Pick<ReadyWindow, 'queueId' | 'of'>> = [];
  const deleted = await store.listDeletedQueues();
  for (const queue of [...queues.flat(), ...deleted]) {
    places.push(...placesOf(queue).map((of) => ({ queueId: queue.id, of })));
  }
  const deployments = await store.listDeployments();
  places.push(...deployments.map(({ id }) => ({ queueId: SERVED_QUEUE, of: { lane: id } })));
  return Promise.all(places.map((place) => listPlace(context, place)));
}

async function listPlace(
  { store }: Context,
  place: Pick<ReadyWindow, 'queueId' | 'of'>,
): Promise<string[]> {
  const ids: string[] = [];
  const window = { ...place, now: Number.MAX_SAFE_INTEGER, limit: NUMBERS.readAtOnce };
  for await (const { candidates } of pages((onFrom) => store.listReady({ ...window, ...onFrom }))) {
    ids.push(...candidates.map(({ runId }) => runId));
    if (ids.length > NUMBERS.filterReads) break;
  }
  return ids;
}

/**
 * Runs that sessions hold, including sessions that ended within a day, and runs executed by hand.
 */
async function listActive({ store }: Context): Promise<string[][]> {
  const pools = [...(await store.listPools()), ...(await store.listDeletedPools())];
  const sessions = (await Promise.all(pools.map(({ id }) => store.listSessions(id)))).flat();
  const held = await Promise.all(sessions.map(({ id }) => store.listClaimed(id)));
  const byHand = await store.listByHand();
  return [...held, byHand].map((entries) => entries.map(({ runId }) => runId));
}
