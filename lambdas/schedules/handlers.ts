import type { schedulesRoutes } from '../../api/schedules/routes.ts';
import {
  createSchedules,
  deleteSchedule,
  updateSchedule,
} from '../../core/deployments/change-schedules.ts';
import { readDeployment } from '../../core/deployments/deployments.ts';
import { scheduleByHand } from '../../core/schedules/schedule-by-hand.ts';
import { SECOND } from '../../model/values/instant.ts';
import { JsonText } from '../../model/values/json-text.ts';
import type { Handles } from '../http/http.ts';
import { scheduleShape, scheduleShapes } from './schedule-shape.ts';
import { scheduleWish } from './schedule-wish.ts';

export const scheduleHandlers = {
  readDeploymentSchedules: async (context, { path }) => {
    return { status: 200, body: scheduleShapes(await readDeployment(context, path.id)) };
  },

  createDeploymentSchedules: async (context, { path, body }) => {
    const wishes = body.map((one) => scheduleWish(one, context.now()));
    const schedules = await createSchedules(context, path.id, wishes);
    return { status: 201, body: schedules.map((one) => scheduleShape(path.id, one)) };
  },

  updateDeploymentSchedule: async (context, { path, body }) => {
    await updateSchedule(context, path.id, path.schedule_id, scheduleWish(body, context.now()));
    return { status: 204, body: undefined };
  },

  deleteDeploymentSchedule: async (context, { path }) => {
    await deleteSchedule(context, path.id, path.schedule_id);
    return { status: 204, body: undefined };
  },

  scheduleDeployment: async (context, { path, body }) => {
    const { start_time: from, end_time: to, min_time: minTime } = body ?? {};
    const { min_runs: minRuns, max_runs: maxRuns } = body ?? {};
    await scheduleByHand(context, await readDeployment(context, path.id), {
      ...(from == null ? {} : { from }),
      ...(to == null ? {} : { to }),
      ...(minTime == null ? {} : { minTime: Math.round(minTime * SECOND) }),
      ...(minRuns == null ? {} : { minRuns }),
      ...(maxRuns == null ? {} : { maxRuns }),
    });
    return { status: 200, body: new JsonText('null') };
  },
} satisfies Handles<keyof typeof schedulesRoutes>;
