import type { Command } from 'commander';
import { parseCount } from '../terminal/parse.ts';
import { changeQueue, type QueueOptions, queueCommand } from './queue-options.ts';

/** Adds `dibs queue priority`. */
export function registerQueuePriority(program: Command): void {
  queueCommand(program, 'priority', 'which place a queue has: 1 is served first')
    .argument('<n>', 'its place; who is there steps back', parseCount)
    .action((queue: string, priority: number, options: QueueOptions) =>
      changeQueue(
        queue,
        options,
        { priority },
        `Queue ${options.pool}/${queue} has priority ${priority}.`,
      ),
    );
}
