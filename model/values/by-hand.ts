import type { Instant } from './instant.ts';

/** Who does something by hand, and why: an operator's own words. */
export type Person = Omit<ByHand, 'at'>;

/**
 * `Released by ann@laptop: the disk is full`: a text for the history of the run, pool or worker.
 */
export const byHandText = (verb: string, { by, note }: Person): string =>
  note ? `${verb} by ${by}: ${note}` : `${verb} by ${by}.`;

/** Who did something by hand, why, and when. */
export interface ByHand {
  readonly by: string;
  readonly note: string | null;
  readonly at: Instant;
}
