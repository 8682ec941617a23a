import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { countOf, printJson, printLine, printTable } from '../terminal/print.ts';

interface LsOptions extends OperatorOptions {
  readonly pool: string;
  readonly all?: true;
}

type Worker = Awaited<ReturnType<Client['readWorkers']>>[number];

/** Adds `dibs agent ls`. */
export function registerAgentLs(program: Command): void {
  const command = commandGroup(program, 'agent', GROUPS.agent)
    .command('ls')
    .description(
      'list the agents and workers of a pool, and the number of runs that each one holds',
    )
    .requiredOption('-p, --pool <name>', 'the work pool', parseName)
    .option('-a, --all', 'include sessions that ended within the last day')
    .action(ls);
  withOperatorOptions(command);
}

async function ls({ url, json, pool, all }: LsOptions): Promise<void> {
  await operate(url, async (client) => {
    const workers = await client.readWorkers({ name: pool });
    const shown = workers.filter(({ ended }) => all || ended === null);
    if (json) return printJson(shown);
    if (shown.length > 0) {
      printTable(
        ['NAME', 'SESSION', 'KIND', 'STATUS', 'HOLDS', 'HEARTBEAT', 'HOST'],
        shown.map(row),
      );
    } else printLine(`There are no agents in ${pool}.`);
    const hidden = workers.length - shown.length;
    if (hidden > 0)
      printLine(`${countOf(hidden, 'session')} ended within the last day (--all lists them).`);
  });
}

function row(worker: Worker): string[] {
  const capacity = worker.kind === 'agent' ? ` of ${worker.capacity}` : '';
  return [
    worker.name,
    worker.id,
    worker.kind,
    statusOf(worker),
    `${worker.holds.length}${capacity}`,
    ago(worker.last_heartbeat_time),
    worker.host ?? '',
  ];
}

function statusOf({ ended, draining, status }: Worker): string {
  if (ended !== null) return 'ENDED';
  return draining ? `${status}, drained by ${draining.by}` : status;
}

function ago(iso: string): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}
