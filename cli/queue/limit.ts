import type { Command } from 'commander';
import { limitOrNone } from '../command/limit-options.ts';
import { parseLimit } from '../terminal/parse.ts';
import { countOf } from '../terminal/print.ts';
import { changeQueue, type QueueOptions, queueCommand } from './queue-options.ts';

interface LimitOptions extends QueueOptions {
  readonly none?: true;
}

/** Adds `dibs queue limit`. */
export function registerQueueLimit(program: Command): void {
  queueCommand(program, 'limit', 'set how many runs of a queue may be held at once')
    .argument('[n]', 'the number of runs; with 0, none are handed out', parseLimit)
    .option('--none', 'remove the limit; only the limit of the pool applies')
    .action((queue: string, n: number | undefined, options: LimitOptions, command: Command) => {
      const limit = limitOrNone(n, options, command);
      const name = `${options.pool}/${queue}`;
      const done =
        limit === null
          ? `Queue ${name} has no concurrency limit.`
          : `Queue ${name}: at most ${countOf(limit, 'run')} at once.`;
      return changeQueue(queue, options, { concurrency_limit: limit }, done);
    });
}
