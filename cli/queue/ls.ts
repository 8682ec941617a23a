import type { Command } from 'commander';
import { allPages } from '../command/all-pages.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { limitText } from '../command/limit-options.ts';
import { operate } from '../command/operate.ts';
import { withOperatorOptions } from '../command/operator-options.ts';
import { printJson, printTable, shortTime } from '../terminal/print.ts';
import { type QueueOptions, withPool } from './queue-options.ts';

/** Adds `dibs queue ls`. */
export function registerQueueLs(program: Command): void {
  const command = commandGroup(program, 'queue', GROUPS.queue)
    .command('ls')
    .description('list the queues of a pool, in the order in which they are served')
    .action(ls);
  withOperatorOptions(withPool(command));
}

async function ls({ url, json, pool }: QueueOptions): Promise<void> {
  await operate(url, async (client) => {
    const queues = await allPages((page) => client.filterWorkQueues({ name: pool, body: page }));
    if (json) return printJson(queues);
    printTable(
      ['NAME', 'PRIORITY', 'STATUS', 'LIMIT', 'POLLED', 'DESCRIPTION'],
      queues.map((queue) => [
        queue.name,
        String(queue.priority),
        queue.status,
        limitText(queue.concurrency_limit),
        shortTime(queue.last_polled),
        queue.description,
      ]),
    );
  });
}
