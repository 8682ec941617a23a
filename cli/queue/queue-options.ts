import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { printJson, printLine } from '../terminal/print.ts';

export interface QueueOptions extends OperatorOptions {
  readonly pool: string;
}

/** Adds `--pool`, because the name of a queue is unique only within its pool. */
export const withPool = (command: Command): Command =>
  command.requiredOption('-p, --pool <name>', 'the work pool', parseName);

/** `dibs queue VERB <name> --pool <name>`. */
export function queueCommand(program: Command, verb: string, description: string): Command {
  const command = commandGroup(program, 'queue', GROUPS.queue)
    .command(verb)
    .description(description)
    .argument('<name>', 'the queue', parseName);
  return withOperatorOptions(withPool(command));
}

type Change = Parameters<Client['updateWorkQueue']>[0]['body'];

/** Changes a queue, then prints `done`. With `--json` it prints the changed queue instead. */
export async function changeQueue(
  queue: string,
  { url, json, pool }: QueueOptions,
  change: Change,
  done: string,
): Promise<void> {
  await operate(url, async (client) => {
    await client.updateWorkQueue({ name: pool, queue, body: change });
    if (json) return printJson(await client.readWorkQueue({ name: pool, queue }));
    printLine(done);
  });
}
