import type { Command } from 'commander';
import type { OperatorOptions } from '../command/operator-options.ts';
import { changeSchedule, type FlowAndName, scheduleCommand } from './schedule-options.ts';

/** Adds `dibs schedule pause`. */
export function registerSchedulePause(program: Command): void {
  scheduleCommand(
    program,
    'pause',
    'make no more runs by a schedule, and take back those to come',
  ).action((name: FlowAndName, which: string | undefined, options: OperatorOptions) =>
    changeSchedule({ name, which }, options, { active: false }, () => 'is paused'),
  );
}
