import type { Instant } from '../../model/values/instant.ts';
import { ttl } from './binary.ts';
import type { Item } from './item.ts';
import { type Key, runKey } from './keys.ts';

/**
 * The item that a deleted run leaves under its own key, if its idempotency key could create it
 * again. It has no attribute of a run, so no write to a run succeeds on it, and reads leave it out.
 */
interface Tombstone extends Key {
  readonly deleted: true;
  /** The attempts of the next run with this id continue from here. */
  readonly lastAttempt: number;
  readonly expiresAt: number;
}

export const tombstone = (runId: string, lastAttempt: number, until: Instant): Tombstone => ({
  ...runKey(runId),
  deleted: true,
  lastAttempt,
  expiresAt: ttl(until),
});

export const isTombstone = (item: object): item is Tombstone => 'deleted' in item;

/** Reads do not see a tombstone. Only a put whose condition failed sees it, to write over it. */
export const unlessDeleted = (item: Item | undefined): Item | undefined =>
  item && isTombstone(item) ? undefined : item;
