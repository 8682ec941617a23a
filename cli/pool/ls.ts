import type { Command } from 'commander';
import { allPages } from '../command/all-pages.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { limitText } from '../command/limit-options.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, withOperatorOptions } from '../command/operator-options.ts';
import { printJson, printLine, printTable } from '../terminal/print.ts';

/** Adds `dibs pool ls`. */
export function registerPoolLs(program: Command): void {
  const command = commandGroup(program, 'pool', GROUPS.pool)
    .command('ls')
    .description('list the work pools')
    .action(ls);
  withOperatorOptions(command);
}

async function ls({ url, json }: OperatorOptions): Promise<void> {
  await operate(url, async (client) => {
    const pools = await allPages((page) => client.filterWorkPools({ body: page }));
    if (json) return printJson(pools);
    if (pools.length === 0) {
      return printLine('There are no pools yet. To create one: dibs pool create NAME');
    }
    printTable(
      ['NAME', 'TYPE', 'STATUS', 'LIMIT', 'DESCRIPTION'],
      pools.map((pool) => [
        pool.name,
        pool.type,
        pool.status ?? '',
        limitText(pool.concurrency_limit),
        pool.description ?? '',
      ]),
    );
  });
}
