import type { logsRoutes } from '../../api/logs/routes.ts';
import { TextFile } from '../../api/text-file.ts';
import { filterLogs, logsOf } from '../../core/logs/filter-logs.ts';
import { runName } from '../../model/runs/run-name.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import { toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Handles } from '../http/http.ts';
import { pageOf } from '../http/page.ts';
import { logsCsv } from './logs-csv.ts';
import { withMessagesCut } from './long-lines.ts';

export const logHandlers = {
  filterLogs: async (context, { body }) => {
    const newestFirst = body?.sort === 'TIMESTAMP_DESC';
    const lines = await filterLogs(context, body?.logs, newestFirst, pageOf(body));
    const shapes = lines.map(({ id, name, level, message, at, arrivedAt, runId, taskRunId }) => ({
      id,
      created: toIso(arrivedAt),
      updated: toIso(arrivedAt),
      name,
      level,
      message,
      timestamp: toIso(at),
      flow_run_id: runId,
      task_run_id: taskRunId,
    }));
    return { status: 200, body: withMessagesCut(shapes, NUMBERS.replyBytes) };
  },

  downloadLogs: async (context, { path }) => {
    const run = await context.store.readRun(path.id);
    if (!run) throw runNotFound();
    const lines = await logsOf(context, run.id, NUMBERS.replyBytes);
    const text = lines && logsCsv(lines);
    assertFits(text);
    return {
      status: 200,
      body: new TextFile('text/csv', text, {
        full: `${runName(run)}-logs.csv`,
        plain: 'flow-run-logs.csv',
      }),
    };
  },
} satisfies Handles<keyof typeof logsRoutes>;

/** Lambda cannot return more, and a part of the lines would look like all of them. */
function assertFits(text: string | undefined): asserts text is string {
  if (text !== undefined && Buffer.byteLength(text) <= NUMBERS.replyBytes) return;
  throw new DibsError('reply_too_large', 'The logs of this run are too large for one response.', {
    hint: 'Read them page by page: POST /api/logs/filter.',
  });
}
