import type { Instant } from './instant.ts';

/** What an operator says of who does something by hand, and why. */
export type Person = Omit<ByHand, 'at'>;

/** `Released by ann@laptop: the disk is full`, for the history of what it was done to. */
export const byHandText = (verb: string, { by, note }: Person): string =>
  note ? `${verb} by ${by}: ${note}` : `${verb} by ${by}.`;

/** Who did something by hand, why, and when. */
export interface ByHand {
  readonly by: string;
  readonly note: string | null;
  readonly at: Instant;
}
