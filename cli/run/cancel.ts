import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { countOf } from '../terminal/print.ts';
import { changeRuns } from './bulk.ts';
import { type BulkOptions, withBulkOptions } from './bulk-options.ts';
import type { BulkVerb } from './bulk-report.ts';

const CANCEL: BulkVerb = {
  route: 'cancelFlowRuns',
  done: 'cancelled',
  would: 'would cancel',
  mayMatchAgain: false,
  remark: (changed) => {
    const held = changed.filter((run) => run.state_name === 'Cancelling').length;
    return held > 0 ? `Agents hold ${countOf(held, 'run')} of them and were asked to stop.` : '';
  },
};

/** Adds `dibs run cancel`. */
export function registerRunCancel(program: Command): void {
  const command = commandGroup(program, 'run', GROUPS.run)
    .command('cancel')
    .description(
      'cancel runs that have not ended; the agents that hold such runs are asked to stop them',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  dibs run cancel --pool etl --state SCHEDULED --dry-run' +
        '\n  dibs run cancel --deployment 0b6bd0b1-… --note "wrong input"',
    )
    .action((ids: string[], options: BulkOptions, self: Command) =>
      changeRuns(CANCEL, ids, options, self),
    );
  // Runs that have not ended have no end time, so there is no --since.
  withBulkOptions(command, { all: 'every run that has not ended', since: false });
}
