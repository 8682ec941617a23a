import type { Instant } from '../../model/values/instant.ts';
import { ttl } from './binary.ts';
import type { Item } from './item.ts';
import { type Key, runKey } from './keys.ts';

/**
 * What a deleted run leaves under its own key, where its idempotency key would bring it back. It has
 * no attribute of a run, so that no write to a run wins on it, and reads leave it out.
 */
interface Tombstone extends Key {
  readonly deleted: true;
  /** The attempts of the next run with this id go on from here. */
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

/** What was deleted is not there, save to who would write over it: a put that is lost shows it. */
export const unlessDeleted = (item: Item | undefined): Item | undefined =>
  item && isTombstone(item) ? undefined : item;
