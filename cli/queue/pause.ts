import type { Command } from 'commander';
import { changeQueue, type QueueOptions, queueCommand } from './queue-options.ts';

/** Adds `dibs queue pause`. */
export function registerQueuePause(program: Command): void {
  queueCommand(
    program,
    'pause',
    'stop handing out the runs of a queue; runs that are held continue',
  ).action((queue: string, options: QueueOptions) =>
    changeQueue(queue, options, { is_paused: true }, `Paused ${options.pool}/${queue}.`),
  );
}
