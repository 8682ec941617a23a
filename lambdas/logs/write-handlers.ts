import type { writeLogsRoutes } from '../../api/logs/write-routes.ts';
import { writeLogs } from '../../core/logs/write-logs.ts';
import type { Handles } from '../http/http.ts';

export const writeLogsHandlers = {
  writeLogs: async (context, { body }) => {
    const lines = body.map(({ timestamp, flow_run_id, task_run_id, ...line }) => ({
      ...line,
      at: timestamp,
      runId: flow_run_id ?? null,
      taskRunId: task_run_id ?? null,
    }));
    await writeLogs(context, lines);
    return { status: 201, body: undefined };
  },
} satisfies Handles<keyof typeof writeLogsRoutes>;
