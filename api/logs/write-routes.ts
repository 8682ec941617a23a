import * as z from 'zod';
import type { Route } from '../route.ts';
import { LogCreate } from './schemas.ts';

/** How runs send their log lines. */
export const writeLogsRoutes = {
  writeLogs: {
    method: 'POST',
    path: '/api/logs/',
    owner: 'worker',
    access: 'execute',
    about: 'its body',
    summary: 'Write log lines.',
    body: z.array(LogCreate),
    replies: { 201: null },
  },
} as const satisfies Record<string, Route>;
