import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import {
  assertTableOptions,
  inTable,
  type TableOptions,
  withTableOptions,
} from '../command/in-table.ts';
import { oneOrAll } from '../command/one-or-all.ts';
import { operate } from '../command/operate.ts';
import { operatorName } from '../command/operator-name.ts';
import { type ByOptions, parseName, withBy } from '../command/operator-options.ts';
import { countOf, printJson, printLine } from '../terminal/print.ts';

interface PauseOptions extends ByOptions, TableOptions {
  readonly all?: true;
}

/** Adds `dibs pool pause`. */
export function registerPoolPause(program: Command): void {
  const command = commandGroup(program, 'pool', GROUPS.pool)
    .command('pause')
    .description('stop handing out the runs of one pool, or of all; runs that are held continue')
    .argument('[name]', 'the work pool', parseName)
    .option('--all', 'pause every pool that is not paused')
    .action(pause);
  withTableOptions(command, 'to pause all pools of a restored table');
  withBy(command);
}

async function pause(
  name: string | undefined,
  options: PauseOptions,
  command: Command,
): Promise<void> {
  const one = oneOrAll(name, options, command);
  assertTableOptions(options, command);
  if (one === undefined) return pauseAll(options);
  if (options.table) command.error('error: --table needs --all');
  await operate(options.url, async (client) => {
    await client.updateWorkPool({ name: one, body: { is_paused: true } });
    if (options.json) return printJson(await client.readWorkPool({ name: one }));
    printLine(`Paused ${one}.`);
  });
}

async function pauseAll(options: PauseOptions): Promise<void> {
  const { by = operatorName(), url, json, table, region } = options;
  const { pools } = table
    ? await pauseInTable(table, region, by)
    : await operate(url, (client) => client.pauseWorkPools({ body: { by } }));
  if (json) return printJson({ pools });
  if (pools.length === 0) return printLine('There are no pools left to pause.');
  printLine(`Paused ${countOf(pools.length, 'pool')}: ${pools.join(', ')}.`);
}

/** Pauses the pools of a restored table, before an API hands out the runs that came back in it. */
async function pauseInTable(table: string, region: string | undefined, by: string) {
  const { pausePools } = await import('../../core/pools/pause-pools.ts');
  const pools = await inTable(table, region, (context) => pausePools(context, { by, note: null }));
  return { pools };
}
