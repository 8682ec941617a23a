import type { Command } from 'commander';

/**
 * A limit as the text of a table cell. No limit is an empty text, which a table shows as a dash.
 */
export const limitText = (limit: number | null): string => (limit === null ? '' : String(limit));

/** The given number, or null for `--none`. Giving neither or both is a usage error. */
export function limitOrNone(
  limit: number | undefined,
  { none }: { readonly none?: true },
  command: Command,
): number | null {
  if ((limit === undefined) === (none === undefined)) {
    command.error('error: give either the number of runs or --none');
  }
  return limit ?? null;
}
