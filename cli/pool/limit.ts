import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { limitOrNone } from '../command/limit-options.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { parseLimit } from '../terminal/parse.ts';
import { countOf, printJson, printLine } from '../terminal/print.ts';

interface LimitOptions extends OperatorOptions {
  readonly none?: true;
}

/** Adds `dibs pool limit`. */
export function registerPoolLimit(program: Command): void {
  const command = commandGroup(program, 'pool', GROUPS.pool)
    .command('limit')
    .description('set how many runs of a pool may be held at once; runs that are held continue')
    .argument('<name>', 'the work pool', parseName)
    .argument('[n]', 'the number of runs; with 0, none are handed out', parseLimit)
    .option('--none', 'remove the limit')
    .action(limit);
  withOperatorOptions(command);
}

async function limit(
  name: string,
  n: number | undefined,
  options: LimitOptions,
  command: Command,
): Promise<void> {
  const wanted = limitOrNone(n, options, command);
  await operate(options.url, async (client) => {
    await client.updateWorkPool({ name, body: { concurrency_limit: wanted } });
    if (options.json) return printJson(await client.readWorkPool({ name }));
    if (wanted === null) return printLine(`Pool ${name} has no concurrency limit.`);
    printLine(`Pool ${name}: at most ${countOf(wanted, 'run')} at once.`);
  });
}
