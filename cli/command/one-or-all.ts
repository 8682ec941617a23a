import type { Command } from 'commander';

/** The given name of a pool, or undefined for `--all`. Giving neither or both is a usage error. */
export function oneOrAll(
  name: string | undefined,
  { all }: { readonly all?: true },
  command: Command,
): string | undefined {
  if ((name === undefined) === (all === undefined)) {
    command.error('error: give either the name of a pool or --all');
  }
  return name;
}
