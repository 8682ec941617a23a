import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, parseId, withOperatorOptions } from '../command/operator-options.ts';
import { printJson, printLine } from '../terminal/print.ts';

/** Adds `dibs run why`. */
export function registerRunWhy(program: Command): void {
  const command = commandGroup(program, 'run', GROUPS.run)
    .command('why')
    .description('explain why a run is not running: every cause, and what to do about it')
    .argument('<id>', 'the run', parseId)
    .action(why);
  withOperatorOptions(command);
}

async function why(id: string, { url, json }: OperatorOptions): Promise<void> {
  await operate(url, async (client) => {
    const told = await client.readFlowRunWhy({ id });
    if (json) return printJson(told);
    printLine(`${told.name} (${id}) is ${told.state_name}.`);
    for (const { code, blocks, message, todo } of told.causes) {
      printLine(`${blocks ? '' : 'note: '}${code}: ${message}`);
      printLine(`-> ${todo}`);
    }
  });
}
