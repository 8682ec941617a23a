import type { Command } from 'commander';

/** The command that verbs are added to (`dibs run …`), made by the first one of them. */
export function commandGroup(program: Command, name: string, description: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return (known ?? program.command(name)).description(description);
}

/** What each group is for, as `dibs --help` tells it. */
export const GROUPS = {
  agent: 'start, ls, drain: the processes that execute runs',
  run: 'release, claims, retry, cancel: runs, moved on by hand',
  pool: 'pause, resume, slots: what is claimed in a pool, and how much at once',
  deployment: 'slots: how much of a deployment runs at once',
} as const;
