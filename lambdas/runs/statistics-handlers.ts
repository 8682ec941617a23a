import type { statisticsRoutes } from '../../api/runs/statistics-routes.ts';
import {
  averageLateness,
  countRuns,
  runHistory,
} from '../../core/queries/statistics/run-statistics.ts';
import { SECOND } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';
import { binsIn, historyShape } from './history-shape.ts';
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
    return { status: 200, body: historyShape(await runHistory(context, query, binsIn(body))) };
  },
} satisfies Handles<keyof typeof statisticsRoutes>;
