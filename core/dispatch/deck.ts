import type { WorkQueue } from '../../model/pools.ts';
import type { ReadyEntry, ReadyWindow } from '../../model/runs/dispatch-store.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { shuffle } from '../batches.ts';
import type { Context } from '../context.ts';
import type { FreeSlots } from '../limits/free-slots.ts';
import type { Kept } from '../memory.ts';

/**
 * What this process has read of a queue and not dealt to a claim yet. Nothing correct depends on it:
 * that each run goes to one session rests on the condition of the claim write alone (store/claims/claim.ts).
 */
interface Deck {
  left: ReadyEntry[];
  /** Where to read on; empty when the queue was read to its end. */
  open: WindowPlace[];
  /** When it was begun, at the head of the queue. */
  begunAt: Instant;
  reading: Promise<void> | undefined;
}

/** A shard of the queue, or a lane of it. */
type WindowPlace = Pick<ReadyWindow, 'of' | 'after'>;

/**
 * Which waiting runs of a queue a claim should try next; `last` when there are no others.
 *
 * A window of the longest waiting, shuffled, is dealt out: N agents that all took the head would lose
 * most of their writes to each other. Claims of one process get different cards, so they never meet;
 * claims of different processes meet seldom. A window is kept for half a second, so a busy process
 * reads its queues less often than it is asked. With 32 claimers at once this took the races lost per
 * claim from 0.55 to 0.01, with ten runs per claim from 1.6 to 0.2, and doubled what they got done.
 *
 * Runs of a deployment with a limit wait in a lane of their own, which is read only while the limit
 * has room: however many of them there are, none stands before a run that is free to go. Under
 * CANCEL_NEW it is read at any time, for what meets a full limit there is cancelled.
 */
export async function deal(
  context: Context,
  queue: WorkQueue,
  wanted: number,
  freeSlots: FreeSlots,
  /** The first deal of a call may begin anew; a later one goes on behind what was turned away. */
  first: boolean,
): Promise<{ candidates: ReadyEntry[]; last: boolean }> {
  const deck = deckOf(context, queue);
  const isStale = first && context.now() > deck.begunAt + NUMBERS.deckKept;
  if (deck.left.length === 0 || isStale) {
    deck.reading ??= readOn(context, queue, deck, isStale, freeSlots).finally(() => {
      deck.reading = undefined;
    });
    await deck.reading;
  }
  const candidates = deck.left.splice(0, wanted);
  return { candidates, last: deck.left.length === 0 && deck.open.length === 0 };
}

/** By queue. */
const DECKS: Kept<Map<string, Deck>> = { begin: () => new Map() };

function deckOf({ memory }: Context, queue: WorkQueue): Deck {
  const decks = memory.of(DECKS);
  const found = decks.get(queue.id);
  if (found) return found;
  const deck: Deck = { left: [], open: [], begunAt: 0, reading: undefined };
  decks.set(queue.id, deck);
  return deck;
}

/** The window behind the one before, or the head of the queue again. */
async function readOn(
  context: Context,
  queue: WorkQueue,
  deck: Deck,
  isStale: boolean,
  freeSlots: FreeSlots,
): Promise<void> {
  const at = context.now();
  const fromHead = isStale || deck.open.length === 0;
  const places = fromHead ? everyPlace(queue) : deck.open;
  const pages = await Promise.all(
    places.map((place) => readPlace(context, queue, place, at, freeSlots)),
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
  queue: WorkQueue,
  place: WindowPlace,
  now: Instant,
  freeSlots: FreeSlots,
) {
  const { of } = place;
  const scope = typeof of === 'object' ? laneScope(of.lane) : undefined;
  const room = scope && (await freeSlots.room(scope));
  const skipped = scope && room === 0 && !(await freeSlots.cancelsNew(scope));
  if (skipped) return { of, candidates: [] };
  // A few more than there is room for: the head of a lane that lags shows what is claimed already.
  const limit = Math.min(NUMBERS.deckSize, (room ?? NUMBERS.deckSize) + NUMBERS.laneSpare);
  return { of, ...(await store.listReady({ ...place, queueId: queue.id, now, limit })) };
}

const laneScope = (deploymentId: string) => ({ kind: 'deployment', id: deploymentId }) as const;

const everyPlace = ({ shards, limited }: WorkQueue): WindowPlace[] => [
  ...Array.from({ length: shards }, (_, of) => ({ of })),
  ...limited.map((lane) => ({ of: { lane } })),
];
