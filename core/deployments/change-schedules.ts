import type { Schedule } from '../../model/schedules.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import {
  assertSchedules,
  changedSchedule,
  newSchedule,
  type ScheduleWish,
} from '../schedules/schedule-wishes.ts';
import { changeDeployment } from './change-deployment.ts';

/** @throws DibsError deployment_not_found, schedule_slug_taken, invalid_request, too_busy */
export async function createSchedules(
  context: Context,
  deploymentId: string,
  wishes: readonly ScheduleWish[],
): Promise<readonly Schedule[]> {
  const added = wishes.map((wish) => newSchedule(context, wish));
  await changeDeployment(context, deploymentId, (before) => ({
    ...before,
    schedules: assertSchedules([...before.schedules, ...added]),
  }));
  return added;
}

/** @throws DibsError deployment_not_found, schedule_not_found, schedule_slug_taken, too_busy */
export async function updateSchedule(
  context: Context,
  deploymentId: string,
  scheduleId: string,
  wish: ScheduleWish,
): Promise<void> {
  await changeOne(context, deploymentId, scheduleId, (schedule) => [
    changedSchedule(context, schedule, wish),
  ]);
}

/** @throws DibsError deployment_not_found, schedule_not_found, too_busy */
export async function deleteSchedule(
  context: Context,
  deploymentId: string,
  scheduleId: string,
): Promise<void> {
  await changeOne(context, deploymentId, scheduleId, () => []);
}

async function changeOne(
  context: Context,
  deploymentId: string,
  scheduleId: string,
  into: (schedule: Schedule) => readonly Schedule[],
): Promise<void> {
  await changeDeployment(context, deploymentId, (before) => {
    if (!before.schedules.some(({ id }) => id === scheduleId)) {
      throw new DibsError('schedule_not_found', 'Schedule not found.');
    }
    const schedules = before.schedules.flatMap((one) =>
      one.id === scheduleId ? into(one) : [one],
    );
    return { ...before, schedules: assertSchedules(schedules) };
  });
}
