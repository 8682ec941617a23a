import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/** Instants as text that sorts as they do. */
export const sortable = (at: Instant): string => String(at).padStart(16, '0');

/** `<time>#<id>`, and the id again. */
export const timed = (at: Instant, id: string): string => `${sortable(at)}#${id}`;
export const idOf = (timedKey: string): string => timedKey.slice(timedKey.lastIndexOf('#') + 1);
/** Sorts after every key of that instant. */
export const endOf = (at: Instant): string => `${sortable(at)}$`;
/** The first key that can come after this one. */
export const behind = (timedKey: string): string => `${timedKey}!`;
export const startOf = (at: Instant): string => sortable(at);

/** Ids end in random digits, so they spread. */
export function shardOf(id: string): number {
  return Number.parseInt(id.slice(-4), 16) % NUMBERS.timelineShards;
}

/** One query per shard of a listing. */
export const listingShards = (): number[] =>
  Array.from({ length: NUMBERS.timelineShards }, (_, shard) => shard);
