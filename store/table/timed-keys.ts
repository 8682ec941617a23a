import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/** An instant as a text that sorts as instants do. */
export const sortable = (at: Instant): string => String(at).padStart(16, '0');

/** `<time>#<id>`; idOf() returns its id. */
export const timed = (at: Instant, id: string): string => `${sortable(at)}#${id}`;
export const idOf = (timedKey: string): string => timedKey.slice(timedKey.lastIndexOf('#') + 1);
/** Sorts after every key of that instant, and before those of the next. */
export const endOf = (at: Instant): string => `${sortable(at)}$`;
/** The first key that can follow this one. */
export const behind = (timedKey: string): string => `${timedKey}!`;
export const startOf = (at: Instant): string => sortable(at);

/** The last digits of an id are random, so ids spread over the shards. */
export function shardOf(id: string): number {
  return Number.parseInt(id.slice(-4), 16) % NUMBERS.timelineShards;
}

/** The shards of a listing: each takes one query. */
export const listingShards = (): number[] =>
  Array.from({ length: NUMBERS.timelineShards }, (_, shard) => shard);
