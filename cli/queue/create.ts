import type { Command } from 'commander';
import { createOrFind } from '../command/create-or-find.ts';
import { operate } from '../command/operate.ts';
import { parseCount, parseLimit } from '../terminal/parse.ts';
import { printJson, printLine } from '../terminal/print.ts';
import { type QueueOptions, queueCommand } from './queue-options.ts';

interface CreateOptions extends QueueOptions {
  readonly description?: string;
  readonly limit?: number;
  readonly priority?: number;
}

/** Adds `dibs queue create`. */
export function registerQueueCreate(program: Command): void {
  queueCommand(
    program,
    'create',
    'create a queue in a pool; succeeds if the queue already exists with these settings',
  )
    .option('--description <text>', 'what the queue is for')
    .option('-l, --limit <n>', 'how many runs of the queue may be held at once', parseLimit)
    .option('--priority <n>', '1 is served first (default: the first free priority)', parseCount)
    .action(create);
}

async function create(queue: string, options: CreateOptions): Promise<void> {
  const { url, json, pool: name, description, limit, priority } = options;
  const asked = {
    ...(description === undefined ? {} : { description }),
    ...(limit === undefined ? {} : { concurrency_limit: limit }),
    ...(priority === undefined ? {} : { priority }),
  };
  await operate(url, async (client) => {
    const { record, created } = await createOrFind(`Queue ${name}/${queue}`, asked, {
      exists: 'work_queue_exists',
      create: () => client.createWorkQueue({ name, body: { name: queue, ...asked } }),
      read: () => client.readWorkQueue({ name, queue }),
      change: 'Use dibs queue limit and dibs queue priority to change it.',
    });
    if (json) return printJson(record);
    if (created) return printLine(`Created queue ${name}/${queue}, priority ${record.priority}.`);
    printLine(`Queue ${name}/${queue} already exists; nothing was changed.`);
  });
}
