import { toIso } from '../../core/instant.ts';
import { filterLogs, writeLogs } from '../../core/logs.ts';
import type { Handle } from '../http.ts';
import { pageOf, thatFit } from '../page.ts';

export const handleWriteLogs: Handle<'writeLogs'> = async (context, { body }) => {
  const lines = body.map(({ timestamp, flow_run_id, task_run_id, ...line }) => ({
    ...line,
    at: timestamp,
    runId: flow_run_id ?? null,
    taskRunId: task_run_id ?? null,
  }));
  await writeLogs(context, lines);
  return { status: 201, body: undefined };
};

export const handleFilterLogs: Handle<'filterLogs'> = async (context, { body }) => {
  const { logs, sort } = body;
  const lines = await filterLogs(
    context,
    {
      runIds: logs.flow_run_id.any_ ?? [],
      ...(logs.level?.ge_ == null ? {} : { levelAtLeast: logs.level.ge_ }),
      ...(logs.level?.le_ == null ? {} : { levelAtMost: logs.level.le_ }),
      ...(logs.timestamp?.after_ == null ? {} : { after: logs.timestamp.after_ }),
      ...(logs.timestamp?.before_ == null ? {} : { before: logs.timestamp.before_ }),
    },
    sort === 'TIMESTAMP_DESC',
    pageOf(body),
  );
  const shapes = lines.map(({ id, name, level, message, at, runId, taskRunId }) => ({
    id,
    created: toIso(at),
    updated: toIso(at),
    name,
    level,
    message,
    timestamp: toIso(at),
    flow_run_id: runId,
    task_run_id: taskRunId,
  }));
  return { status: 200, body: thatFit(shapes) };
};
