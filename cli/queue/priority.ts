import type { Command } from 'commander';
import { parseCount } from '../terminal/parse.ts';
import { changeQueue, type QueueOptions, queueCommand } from './queue-options.ts';

/** Adds `dibs queue priority`. */
export function registerQueuePriority(program: Command): void {
  queueCommand(program, 'priority', 'set the priority of a queue: 1 is served first')
    .argument('<n>', 'the priority; a queue that already has it moves back', parseCount)
    .action((queue: string, priority: number, options: QueueOptions) =>
      changeQueue(
        queue,
        options,
        { priority },
        `Queue ${options.pool}/${queue} has priority ${priority}.`,
      ),
    );
}
