import type { Command } from 'commander';
import type { OperatorOptions } from '../command/operator-options.ts';
import { changeSchedule, type FlowAndName, scheduleCommand } from './schedule-options.ts';

/** Adds `dibs schedule pause`. */
export function registerSchedulePause(program: Command): void {
  scheduleCommand(
    program,
    'pause',
    'stop a schedule from creating runs, and remove the future runs that it has created',
  ).action((name: FlowAndName, which: string | undefined, options: OperatorOptions) =>
    changeSchedule({ name, which }, options, { active: false }, () => 'is paused'),
  );
}
