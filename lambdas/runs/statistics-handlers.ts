import type { statisticsRoutes } from '../../api/runs/statistics-routes.ts';
import { averageLateness, countRuns, runHistory } from '../../core/queries/run-statistics.ts';
import { SECOND, toIso } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';
import { runQuery } from './run-query.ts';

export const statisticsHandlers = {
  countFlowRuns: async (context, { body }) => ({
    status: 200,
    body: await countRuns(context, runQuery(body)),
  }),

  readFlowRunLateness: async (context, { body }) => {
    const lateness = await averageLateness(context, runQuery(body));
    return { status: 200, body: lateness === null ? null : lateness / SECOND };
  },

  readFlowRunHistory: async (context, { body }) => {
    // On this route, Prefect uses another name for the filter of queues.
    const query = runQuery({ ...body, work_pool_queues: body.work_queues });
    const intervals = await runHistory(context, query, {
      start: body.history_start,
      end: body.history_end,
      interval: Math.round(body.history_interval_seconds * SECOND),
    });
    const shapes = intervals.map(({ start, end, states }) => ({
      interval_start: toIso(start),
      interval_end: toIso(end),
      states: states.map(({ type, name, runs, runTime, lateness }) => ({
        state_type: type,
        state_name: name,
        count_runs: runs,
        sum_estimated_run_time: runTime / SECOND,
        sum_estimated_lateness: lateness / SECOND,
      })),
    }));
    return { status: 200, body: shapes };
  },
} satisfies Handles<keyof typeof statisticsRoutes>;
