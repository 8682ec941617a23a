import type { Command } from 'commander';
import type { OperatorOptions } from '../command/operator-options.ts';
import { changeSchedule, type FlowAndName, scheduleCommand } from './schedule-options.ts';

/** Adds `dibs schedule resume`. */
export function registerScheduleResume(program: Command): void {
  scheduleCommand(program, 'resume', 'let a schedule create runs again').action(
    (name: FlowAndName, which: string | undefined, options: OperatorOptions) =>
      changeSchedule({ name, which }, options, { active: true }, () => 'creates runs again'),
  );
}
