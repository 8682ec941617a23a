import type { Command } from 'commander';
import { changeQueue, type QueueOptions, queueCommand } from './queue-options.ts';

/** Adds `dibs queue resume`. */
export function registerQueueResume(program: Command): void {
  queueCommand(program, 'resume', 'hand out the runs of a queue again').action(
    (queue: string, options: QueueOptions) =>
      changeQueue(queue, options, { is_paused: false }, `Resumed ${options.pool}/${queue}.`),
  );
}
