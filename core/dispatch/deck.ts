import { placesOf, type WorkQueue } from '../../model/pools.ts';
import type { ReadyEntry, ReadyWindow, WindowPlace } from '../../model/runs/dispatch-store.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { shuffle } from '../batches.ts';
import type { Context } from '../context.ts';
import type { FreeSlots } from '../limits/free-slots.ts';
import type { Kept } from '../memory.ts';

/**
 * The runs that this process has read from a queue and not yet dealt to a claim. Correctness does
 * not depend on it: each run goes to only one session because of the condition of the claim write
 * alone (store/claims/claim.ts).
 */
interface Deck {
  left: ReadyEntry[];
  /** Where to continue reading; empty if the queue was read to its end. */
  open: WindowPlace[];
  /** When the deck was last started from the head of the queue. */
  begunAt: Instant;
  reading: Promise<void> | undefined;
}

interface Dealing {
  readonly queue: WorkQueue;
  readonly freeSlots: FreeSlots;
  /** How many runs the claim can still take. */
  readonly wanted: number;
  /**
   * Whether this is the first deal of a call: it may start again from the head of the queue. A later
   * deal continues behind the runs that were turned away.
   */
  readonly first: boolean;
}

/**
 * Returns the waiting runs of a queue that a claim should try next; `last` if there are no others.
 *
 * The runs that have waited longest are read as one window, shuffled, and dealt out: N agents that
 * all tried the head of the queue would lose most of their writes to each other. Claims of one
 * process get different runs, so they never collide; claims of different processes seldom do. A
 * window is kept for half a second, so a busy process reads its queues less often than agents poll
 * it. With 32 claimers at once this reduced the lost races per claim from 0.55 to 0.01 (with ten
 * runs per claim from 1.6 to 0.2), and doubled the throughput.
 *
 * Runs of a deployment with a limit wait in a lane of their own, which is read only while the limit
 * has free slots. So however many of them wait, none stands in front of a run that can start. Under
 * CANCEL_NEW the lane is always read, because runs in it that meet the full limit are cancelled.
 */
export async function deal(
  context: Context,
  { queue, freeSlots, wanted, first }: Dealing,
): Promise<{ candidates: ReadyEntry[]; last: boolean }> {
  const deck = deckOf(context, queue);
  const isStale = first && context.now() > deck.begunAt + NUMBERS.deckKept;
  if (deck.left.length === 0 || isStale) {
    deck.reading ??= readOn(context, deck, { queue, freeSlots, isStale }).finally(() => {
      deck.reading = undefined;
    });
    await deck.reading;
  }
  const candidates = deck.left.splice(0, wanted);
  return { candidates, last: deck.left.length === 0 && deck.open.length === 0 };
}

/** The decks of this process, by queue id. */
const DECKS: Kept<Map<string, Deck>> = { begin: () => new Map() };

function deckOf({ memory }: Context, queue: WorkQueue): Deck {
  const decks = memory.of(DECKS);
  const found = decks.get(queue.id);
  if (found) return found;
  const deck: Deck = { left: [], open: [], begunAt: 0, reading: undefined };
  decks.set(queue.id, deck);
  return deck;
}

/** Reads the next window, or starts again from the head of the queue. */
async function readOn(
  context: Context,
  deck: Deck,
  { queue, freeSlots, isStale }: Pick<Dealing, 'queue' | 'freeSlots'> & { isStale: boolean },
): Promise<void> {
  const at = context.now();
  const fromHead = isStale || deck.open.length === 0;
  const places = fromHead ? placesOf(queue).map((of) => ({ of })) : deck.open;
  const pages = await Promise.all(
    places.map((place) => readPlace(context, { ...place, queueId: queue.id, now: at }, freeSlots)),
  );
  if (fromHead) deck.begunAt = at;
  deck.open = pages.flatMap(({ of, next }) => (next === undefined ? [] : { of, after: next }));
  deck.left = shuffle(
    pages.flatMap((page) => page.candidates),
    context.random,
  );
}

async function readPlace(
  { store }: Context,
  window: Omit<ReadyWindow, 'limit'>,
  freeSlots: FreeSlots,
) {
  const { of } = window;
  const scope = typeof of === 'object' ? laneScope(of.lane) : undefined;
  const room = scope && (await freeSlots.room(scope));
  const skipped = scope && room === 0 && !(await freeSlots.cancelsNew(scope));
  if (skipped) return { of, candidates: [] };
  // Read a few more runs than there are free slots: the index lags, so the head of the lane may
  // still show runs that are already claimed.
  const limit = Math.min(NUMBERS.deckSize, (room ?? NUMBERS.deckSize) + NUMBERS.laneSpare);
  return { of, ...(await store.listReady({ ...window, limit })) };
}

const laneScope = (deploymentId: string) => ({ kind: 'deployment', id: deploymentId }) as const;
