import * as z from 'zod';
import type { Route } from '../route.ts';
import { textFile } from '../text-file.ts';
import { Log, LogsFilter } from './schemas.ts';

/** Log lines of runs, to read and to download. */
export const logsRoutes = {
  downloadLogs: {
    method: 'GET',
    path: '/api/flow_runs/{id}/logs/download',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'Download the log lines of a run as a CSV file.',
    replies: { 200: textFile('text/csv') },
  },
  filterLogs: {
    method: 'POST',
    path: '/api/logs/filter',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'Read log lines of runs.',
    body: LogsFilter,
    replies: { 200: z.array(Log) },
  },
} as const satisfies Record<string, Route>;
