import type { ListedRun } from '../../model/runs/run-store.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/** A listing, latest first, and how to read what it lists. */
export interface Listing<Item> {
  readonly list: (window: {
    after?: string;
    limit: number;
  }) => Promise<{ entries: ListedRun[]; next?: string }>;
  readonly read: (ids: string[]) => Promise<Item[]>;
}

/**
 * So many are enough: those with the latest of this time, which is never later than the listing's; of
 * one time those with the last ids.
 */
export interface Enough<Item> {
  readonly count: number;
  readonly time: (item: Item) => Instant;
  readonly id: (item: Item) => string;
}

/**
 * What matches of a listing: all of it, or as much as surely holds the latest ones that are asked
 * for. What is left is listed at or before the last entry read, so none of it has a later time: once
 * there are enough with later times than that, they are the ones.
 *
 * @throws DibsError filter_too_broad where it would have to read more than NUMBERS.filterReads
 */
export async function newestFirst<Item>(
  { list, read }: Listing<Item>,
  matching: (items: Item[]) => Promise<Item[]>,
  enough: Enough<Item> | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  let left: number = NUMBERS.filterReads;
  // Without `enough` all of it is listed before any of it is read: to refuse costs little.
  let limit = enough ? Math.max(FEW, 2 * enough.count) : left;
  let after: string | undefined;
  while (left > 0) {
    limit = Math.min(limit, left);
    const { entries, next } = await list({ limit, ...(after === undefined ? {} : { after }) });
    if (!enough && next !== undefined) break;
    for (let i = 0; i < entries.length; i += NUMBERS.readAtOnce) {
      const some = entries.slice(i, i + NUMBERS.readAtOnce).map(({ runId }) => runId);
      found.push(...(await matching(await read(some))));
    }
    if (next === undefined || (enough && isEnough(found, enough, entries))) return found;
    left -= entries.length;
    after = next;
    limit = Math.min(2 * limit, NUMBERS.readAtOnce);
  }
  throw tooBroad();
}

/** As many as one batch reads. */
const FEW = 100;

/** What is left comes after the last entry read, by time and then by id, and so does its own time. */
function isEnough<Item>(
  found: readonly Item[],
  { count, time, id }: Enough<Item>,
  read: readonly ListedRun[],
): boolean {
  const last = read.at(-1);
  if (!last) return false;
  const isBefore = (item: Item) =>
    time(item) > last.at || (time(item) === last.at && id(item) >= last.runId);
  return found.filter(isBefore).length >= count;
}

export const tooBroad = () =>
  new DibsError(
    'filter_too_broad',
    `This filter would read more than ${NUMBERS.filterReads} runs.`,
    {
      hint: 'Narrow it: by id, deployment, a waiting, active or failed state type, or expected_start_time.after_.',
    },
  );
