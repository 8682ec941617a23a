import * as z from 'zod';
import type { Route } from '../route.ts';
import { textFile } from '../text-file.ts';
import { Log, LogCreate, LogsFilter } from './schemas.ts';

/** logs. */
export const logsRoutes = {
  writeLogs: {
    method: 'POST',
    path: '/api/logs/',
    owner: 'worker',
    access: 'execute',
    summary: 'Ship log lines.',
    body: z.array(LogCreate),
    replies: { 201: null },
  },
  downloadLogs: {
    method: 'GET',
    path: '/api/flow_runs/{id}/logs/download',
    owner: 'control',
    access: 'read',
    summary: 'The log lines of a run as a CSV file.',
    replies: { 200: textFile('text/csv') },
  },
  filterLogs: {
    method: 'POST',
    path: '/api/logs/filter',
    owner: 'control',
    access: 'read',
    summary: 'Read log lines of runs.',
    body: LogsFilter,
    replies: { 200: z.array(Log) },
  },
} as const satisfies Record<string, Route>;
