import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { printSlots } from '../terminal/print-slots.ts';

interface SlotsOptions extends OperatorOptions {
  readonly queue?: string;
}

/** Adds `dibs pool slots`. */
export function registerPoolSlots(program: Command): void {
  const command = commandGroup(program, 'pool', GROUPS.pool)
    .command('slots')
    .description('list who holds the slots of the concurrency limit of a pool, or of a queue in it')
    .argument('<name>', 'the work pool', parseName)
    .option('-q, --queue <name>', 'show the slots of this queue instead', parseName)
    .action(slots);
  withOperatorOptions(command);
}

async function slots(name: string, { url, json, queue }: SlotsOptions): Promise<void> {
  await operate(url, async (client) => {
    if (queue === undefined) {
      return printSlots(`Pool ${name}`, await client.readWorkPoolSlots({ name }), json);
    }
    const held = await client.readWorkQueueSlots({ name, queue });
    printSlots(`Queue ${name}/${queue}`, held, json);
  });
}
