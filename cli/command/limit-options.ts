import type { Command } from 'commander';

/** `5` as text in a table; a limit that is not there is a dash. */
export const limitText = (limit: number | null): string => (limit === null ? '' : String(limit));

/** The number that was given, or null for `--none`. Neither or both is a usage error. */
export function limitOrNone(
  limit: number | undefined,
  { none }: { readonly none?: true },
  command: Command,
): number | null {
  if ((limit === undefined) === (none === undefined)) {
    command.error('error: give either how many runs at once or --none');
  }
  return limit ?? null;
}
