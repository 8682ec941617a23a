import { placesOf, type WorkQueue } from '../../model/pools.ts';
import type { ReadyEntry, WindowPlace } from '../../model/runs/dispatch-store.ts';
import type { Run } from '../../model/runs/run.ts';
import { isScheduled } from '../../model/runs/state.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import type { FreeSlots } from '../limits/free-slots.ts';
import { inRank, noteShown, type Rank } from './rank.ts';
import { isLate, skipIfTooLate } from './too-late.ts';
import { type Turned, turnAway } from './turn-away.ts';

/** Which waiting runs a poll asks for: due by `before`, and not due earlier than `after`. */
export interface Waiting {
  readonly queue: WorkQueue;
  /** How many are shown at the most. */
  readonly room: number;
  readonly before: Instant;
  readonly after: Instant;
  readonly rank: Rank;
}

/**
 * Returns the runs of one queue that a poller sees: at most `room` runs, those that have been due
 * longest first. The index proposes a window of runs; each is read consistently before it is shown.
 * Of a deployment with a limit, no more runs are shown than it has free slots; the rest waits in
 * its lane. Under CANCEL_NEW the rest is cancelled (turn-away.ts), as at a claim, but only a run
 * that has really met the limit:
 *
 *   run due    free slots        shown             the rest
 *   now        none              none              is cancelled
 *   now        some              as many as free   waits: the free slots are not taken yet
 *   later      none or some      as many as free   waits: the limit may have free slots by then
 *
 * The reason: a poll may look far ahead (`prefect work-pool preview`), and a poller need not claim.
 */
export async function waitingRuns(
  context: Context,
  freeSlots: FreeSlots,
  waiting: Waiting,
): Promise<Run[]> {
  const { queue, room } = waiting;
  const shown: Run[] = [];
  const turned: Turned[] = [];
  const shownOf: ShownOf = { queue, freeSlots, rooms: new Map() };
  let places = await openPlaces(queue, freeSlots);
  for (let page = 0; page < NUMBERS.pagesPerPoll && places.length > 0; page++) {
    const read = await readPlaces(context, places, waiting);
    const candidates = inRank(read.candidates, waiting.rank, context);
    while (candidates.length > 0 && shown.length < room) {
      const some = candidates.splice(0, room - shown.length);
      noteShown(some, waiting.rank, context);
      const free: ReadyEntry[] = [];
      for (const entry of some) {
        const full = await meetsFullLimit(context, entry, shownOf);
        if (full) turned.push(full);
        else free.push(entry);
      }
      shown.push(...(await confirmed(context, free, waiting.before)));
    }
    if (shown.length >= room) break;
    places = read.next;
  }
  await turnAway(context, queue, turned);
  return shown;
}

/**
 * The shards and lanes of a queue that are worth reading. Lanes of full limits are left out, unless
 * their strategy is CANCEL_NEW, so that the runs in them are to be cancelled.
 */
export async function openPlaces(
  { shards, limited }: WorkQueue,
  freeSlots: FreeSlots,
): Promise<readonly WindowPlace[]> {
  const lanes = await Promise.all(
    limited.map(async (lane) => {
      const scope = laneScope(lane);
      const open = (await freeSlots.room(scope)) !== 0 || (await freeSlots.cancelsNew(scope));
      return open ? [lane] : [];
    }),
  );
  return placesOf({ shards, limited: lanes.flat() }).map((of) => ({ of }));
}

async function readPlaces(
  { store }: Context,
  places: readonly WindowPlace[],
  { queue, room, before, after, rank }: Waiting,
): Promise<{ candidates: ReadyEntry[]; next: WindowPlace[] }> {
  // Each poller gets its own share of the window first, so the window must be large enough for all.
  const limit = Math.min(room * rank.of + NUMBERS.laneSpare, NUMBERS.pollWindow);
  const pages = await Promise.all(
    places.map((place) =>
      store.listReady({ queueId: queue.id, from: after, now: before, limit, ...place }),
    ),
  );
  const next = pages.flatMap((page, i) => {
    const place = places[i];
    return place && page.next !== undefined ? [{ of: place.of, after: page.next }] : [];
  });
  return { candidates: pages.flatMap((page) => page.candidates).sort((a, b) => a.at - b.at), next };
}

interface ShownOf {
  readonly queue: WorkQueue;
  readonly freeSlots: FreeSlots;
  /** By deployment: how many more of its runs may be shown. */
  readonly rooms: Map<string, number>;
}

/**
 * Whether a run meets the full limit of its deployment. `rooms` counts down the free slots as runs
 * of each limited deployment are shown.
 */
async function meetsFullLimit(
  { now }: Context,
  entry: ReadyEntry,
  { queue, freeSlots, rooms }: ShownOf,
): Promise<Turned | undefined> {
  const { deploymentId } = entry;
  if (!deploymentId || !queue.limited.includes(deploymentId)) return undefined;
  const full = laneScope(deploymentId);
  const room = rooms.get(deploymentId) ?? (await freeSlots.room(full));
  if (room === undefined) return undefined;
  rooms.set(deploymentId, room - 1);
  if (room > 0) return undefined;
  const met = entry.at <= now() && (await freeSlots.room(full)) === 0;
  const cancels = met && (await freeSlots.cancelsNew(full));
  return { entry, full, strategy: cancels ? 'CANCEL_NEW' : 'ENQUEUE' };
}

const laneScope = (deploymentId: string) => ({ kind: 'deployment', id: deploymentId }) as const;

/** Cancels the runs that are too late to start, as a claim does, and returns the others. */
async function inTime(context: Context, runs: readonly Run[]): Promise<Run[]> {
  const now = context.now();
  const skipped = await Promise.all(
    runs.map((run) => isLate(run, now) && skipIfTooLate(context, run)),
  );
  return runs.filter((_, i) => !skipped[i]);
}

/**
 * Returns the runs that really wait, in the given order. The index entries may be outdated, so the
 * runs are read consistently.
 */
export async function confirmed(
  context: Context,
  entries: readonly ReadyEntry[],
  before: Instant,
): Promise<Run[]> {
  const runs = await context.store.readRuns(entries.map(({ runId }) => runId));
  const found = new Map(runs.map((run) => [run.id, run]));
  const waiting = entries.flatMap(({ runId }) => {
    const run = found.get(runId);
    const waits =
      run && isScheduled(run.stateType) && !run.claim && (run.scheduledAt ?? 0) <= before;
    return waits ? [run] : [];
  });
  return inTime(context, waiting);
}
