import type { Command } from 'commander';

/** Returns the command that verbs are added to (`dibs run …`). The first verb creates it. */
export function commandGroup(program: Command, name: string, description: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return (known ?? program.command(name)).description(description);
}

/** What each group of commands is for, as shown by `dibs --help`. */
export const GROUPS = {
  agent: 'start, ls, drain: the processes that execute runs',
  run: 'ls, show, logs, why, claims: look at runs; release, retry, cancel: change runs by hand',
  pool: 'ls, create, limit, pause, resume, slots: work pools and their concurrency limits',
  queue: 'ls, create, pause, resume, limit, priority: the queues of a pool, and their order',
  key: 'create, ls, revoke: API keys, and what each key may do',
  schedule: 'ls, pause, resume, late: when runs of deployments are created',
  deployment: 'ls, run, slots: how and where flows run',
} as const;
