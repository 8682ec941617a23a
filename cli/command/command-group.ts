import type { Command } from 'commander';

/** The command that verbs are added to (`dibs run …`), made by the first one of them. */
export function commandGroup(program: Command, name: string, description: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return (known ?? program.command(name)).description(description);
}

/** What each group is for, as `dibs --help` tells it. */
export const GROUPS = {
  agent: 'start, ls, drain: the processes that execute runs',
  run: 'ls, show, logs, why, claims: what becomes of runs; release, retry, cancel: moved on by hand',
  pool: 'ls, create, limit, pause, resume, slots: what is claimed in a pool, and how much at once',
  queue: 'ls, create, pause, resume, limit, priority: the queues of a pool, served in their order',
  key: 'create, ls, revoke: API keys, and what they may do',
  schedule: 'ls, pause, resume, late: when deployments make runs',
  deployment: 'ls, run, slots: how and where flows run',
} as const;
