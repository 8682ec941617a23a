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
    'what becomes of the runs of a schedule that nobody took in time',
  )
    .addOption(
      new Option('--policy <policy>', 'start all, only the latest, or none after the grace')
        .choices(LATE_POLICIES)
        .makeOptionMandatory(),
    )
    .option('--grace <seconds>', 'how late is too late, with --policy skip', parseCount)
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
    policy === 'skip' ? `skips runs ${seconds} s after their time` : `starts ${SAID[policy]}`,
  );
}

const SAID = { all: 'all late runs', latest: 'only the latest of late runs' } as const;
