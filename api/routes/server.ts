import * as z from 'zod';
import type { Route } from '../route.ts';

/** The server itself. */
export const serverRoutes = {
  readHealth: {
    method: 'GET',
    path: '/api/health',
    owner: 'control',
    summary: 'true, as soon as requests are answered.',
    replies: { 200: z.literal(true) },
  },
  readReady: {
    method: 'GET',
    path: '/api/ready',
    owner: 'control',
    summary: 'OK once the table answers, too.',
    replies: { 200: z.object({ message: z.string() }) },
  },
  readOpenapi: {
    method: 'GET',
    path: '/api/openapi.json',
    owner: 'control',
    summary: 'This API, as an OpenAPI 3.1 document.',
    replies: { 200: z.unknown() },
  },
} as const satisfies Record<string, Route>;
