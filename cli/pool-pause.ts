import type { Command } from 'commander';
import { commandGroup, GROUPS } from './command-group.ts';
import { oneOrAll } from './one-or-all.ts';
import { operate } from './operate.ts';
import { operatorName } from './operator-name.ts';
import { type ByOptions, parseName, withBy } from './operator-options.ts';
import { countOf, printJson, printLine } from './print.ts';

interface PauseOptions extends ByOptions {
  readonly all?: true;
}

/** Adds `dibs pool pause`. */
export function registerPoolPause(program: Command): void {
  const command = commandGroup(program, 'pool', GROUPS.pool)
    .command('pause')
    .description('hand out no more runs of a pool, or of any; what is held goes on')
    .argument('[name]', 'the work pool', parseName)
    .option('--all', 'every pool that is not paused')
    .action(pause);
  withBy(command);
}

async function pause(
  name: string | undefined,
  options: PauseOptions,
  command: Command,
): Promise<void> {
  const one = oneOrAll(name, options, command);
  await operate(options.url, async (client) => {
    if (one !== undefined) {
      await client.updateWorkPool({ name: one, body: { is_paused: true } });
      if (options.json) return printJson(await client.readWorkPool({ name: one }));
      return printLine(`Paused ${one}.`);
    }
    const reply = await client.pauseWorkPools({ body: { by: options.by ?? operatorName() } });
    if (options.json) return printJson(reply);
    const { pools } = reply;
    if (pools.length === 0) return printLine('No pool is left to pause.');
    printLine(`Paused ${countOf(pools.length, 'pool')}: ${pools.join(', ')}.`);
  });
}
