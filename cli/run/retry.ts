import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { changeRuns } from './bulk.ts';
import { type BulkOptions, withBulkOptions } from './bulk-options.ts';
import type { BulkVerb } from './bulk-report.ts';

const RETRY: BulkVerb = {
  route: 'retryFlowRuns',
  done: 'retried',
  would: 'would retry',
  mayMatchAgain: true,
};

/** Adds `dibs run retry`. */
export function registerRunRetry(program: Command): void {
  const command = commandGroup(program, 'run', GROUPS.run)
    .command('retry')
    .description('put runs that have ended back into their queues')
    .addHelpText(
      'after',
      '\nWithout --state or ids, runs that are FAILED or CRASHED are retried.\n\nExamples:' +
        '\n  dibs run retry --since 1h --dry-run' +
        '\n  dibs run retry --pool etl --state CRASHED --note "the disk was full"',
    )
    .action((ids: string[], options: BulkOptions, self: Command) =>
      changeRuns(RETRY, ids, options, self),
    );
  withBulkOptions(command, { all: 'every run that is FAILED or CRASHED', since: true });
}
