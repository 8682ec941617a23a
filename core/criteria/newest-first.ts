import type { ListedRun } from '../../model/runs/run-store.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/** A listing of ids, latest first, and how to read the records. */
export interface Listing<Item> {
  readonly list: (window: {
    after?: string;
    limit: number;
  }) => Promise<{ entries: ListedRun[]; next?: string }>;
  readonly read: (ids: string[]) => Promise<Item[]>;
}

/**
 * How many records are enough: the `count` records with the latest `time`, which is never later
 * than the time at which the record is listed; of records with the same time, those with the last
 * ids.
 */
export interface Enough<Item> {
  readonly count: number;
  readonly time: (item: Item) => Instant;
  readonly id: (item: Item) => string;
}

/**
 * The matching records of a listing: all of them, or, with `enough`, at least as many as certainly
 * include the latest ones. Records that are not read yet are listed at or before the last entry
 * that was read, so none of them has a later time. Once enough matches have later times than that
 * entry, reading stops.
 *
 * @throws DibsError filter_too_broad if it would have to read more than NUMBERS.filterReads
 */
export async function newestFirst<Item>(
  { list, read }: Listing<Item>,
  matching: (items: Item[]) => Promise<Item[]>,
  enough: Enough<Item> | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  let left: number = NUMBERS.filterReads;
  // Without `enough`, all entries are listed before any record is read, so that a refusal costs
  // little.
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

/** The smallest number of entries to list: as many as one batch reads. */
const FEW = 100;

/**
 * Whether enough matches come before the last entry that was read, by time and then by id. All
 * records that are not read yet come after it.
 */
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
