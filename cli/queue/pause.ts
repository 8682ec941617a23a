import type { Command } from 'commander';
import { changeQueue, type QueueOptions, queueCommand } from './queue-options.ts';

/** Adds `dibs queue pause`. */
export function registerQueuePause(program: Command): void {
  queueCommand(program, 'pause', 'hand out no more runs of a queue; what is held goes on').action(
    (queue: string, options: QueueOptions) =>
      changeQueue(queue, options, { is_paused: true }, `Paused ${options.pool}/${queue}.`),
  );
}
