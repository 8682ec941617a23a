import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { oneOrAll } from '../command/one-or-all.ts';
import { operate } from '../command/operate.ts';
import { operatorName } from '../command/operator-name.ts';
import { type ByOptions, parseName, withBy } from '../command/operator-options.ts';
import { countOf, printJson, printLine } from '../terminal/print.ts';

interface ResumeOptions extends ByOptions {
  readonly all?: true;
}

/** Adds `dibs pool resume`. */
export function registerPoolResume(program: Command): void {
  const command = commandGroup(program, 'pool', GROUPS.pool)
    .command('resume')
    .description('hand out the runs of a pool again')
    .argument('[name]', 'the work pool', parseName)
    .option('--all', 'resume the pools that `pause --all` paused; pools paused by name stay paused')
    .action(resume);
  withBy(command);
}

async function resume(
  name: string | undefined,
  options: ResumeOptions,
  command: Command,
): Promise<void> {
  const one = oneOrAll(name, options, command);
  await operate(options.url, async (client) => {
    if (one !== undefined) {
      await client.updateWorkPool({ name: one, body: { is_paused: false } });
      if (options.json) return printJson(await client.readWorkPool({ name: one }));
      return printLine(`Resumed ${one}.`);
    }
    const reply = await client.resumeWorkPools({ body: { by: options.by ?? operatorName() } });
    if (options.json) return printJson(reply);
    const { pools } = reply;
    if (pools.length === 0) {
      return printLine(
        'No pool was paused by `dibs pool pause --all`. Resume other pools by name.',
      );
    }
    printLine(`Resumed ${countOf(pools.length, 'pool')}: ${pools.join(', ')}.`);
  });
}
