import { type Command, Option } from 'commander';
import { LATE_POLICIES } from '../../model/schedules.ts';
import type { OperatorOptions } from '../command/operator-options.ts';
import { parseCount } from '../terminal/parse.ts';
import { changeSchedule, type FlowAndName, scheduleCommand } from './schedule-options.ts';

interface LateOptions extends OperatorOptions {
  readonly policy: (typeof LATE_POLICIES)[number];
  readonly grace?: number;
}

/** Adds `dibs schedule late`. */
export function registerScheduleLate(program: Command): void {
  scheduleCommand(
    program,
    'late',
    'set what happens to the runs of a schedule that were not claimed in time',
  )
    .addOption(
      new Option(
        '--policy <policy>',
        'start all late runs, only the latest, or none that are late by more than the grace',
      )
        .choices(LATE_POLICIES)
        .makeOptionMandatory(),
    )
    .option('--grace <seconds>', 'with --policy skip: how late a run may still start', parseCount)
    .addHelpText('after', '\nExample:\n  dibs schedule late etl/nightly --policy skip --grace 600')
    .action(late);
}

async function late(
  name: FlowAndName,
  which: string | undefined,
  { policy, grace, ...options }: LateOptions,
): Promise<void> {
  const change = {
    late_policy: policy,
    ...(grace === undefined ? {} : { late_grace_seconds: grace }),
  };
  await changeSchedule({ name, which }, options, change, ({ late_grace_seconds: seconds }) =>
    policy === 'skip'
      ? `skips runs that are more than ${seconds} s late`
      : `starts ${SAID[policy]}`,
  );
}

const SAID = { all: 'all late runs', latest: 'only the latest of its late runs' } as const;
