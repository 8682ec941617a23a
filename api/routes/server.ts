import * as z from 'zod';
import type { Route } from '../route.ts';

/** The server itself: what Prefect's clients ask of it before they do anything. */
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
  readHello: {
    method: 'GET',
    path: '/api/hello',
    owner: 'control',
    summary: 'A greeting.',
    replies: { 200: z.string() },
  },
  readApiVersion: {
    method: 'GET',
    path: '/api/version',
    owner: 'control',
    summary: "The version of Prefect's API that is spoken here.",
    replies: { 200: z.string() },
  },
  readServerVersion: {
    method: 'GET',
    path: '/api/admin/version',
    owner: 'control',
    summary: "A version of Prefect's server that any 3.x client works with.",
    replies: { 200: z.string() },
  },
  readServerSettings: {
    method: 'GET',
    path: '/api/admin/settings',
    owner: 'control',
    summary: 'That there are no analytics.',
    replies: { 200: z.object({ server: z.object({ analytics_enabled: z.boolean() }) }) },
  },
  readServerStorage: {
    method: 'GET',
    path: '/api/admin/storage',
    owner: 'control',
    summary: 'That there is no default storage of results.',
    replies: { 200: z.object({ default_result_storage_block_id: z.null() }) },
  },
  readCsrfToken: {
    method: 'GET',
    path: '/api/csrf-token',
    owner: 'control',
    summary: 'That none is needed: Prefect says so with 422, and its clients stop asking.',
    replies: { 422: z.object({ detail: z.string() }) },
  },
  readCollectionView: {
    method: 'GET',
    path: '/api/collections/views/{view}',
    owner: 'control',
    summary: 'aggregate-worker-metadata: the types of work pools, with their job templates.',
    replies: { 200: z.record(z.string(), z.record(z.string(), z.unknown())) },
  },
  readOpenapi: {
    method: 'GET',
    path: '/api/openapi.json',
    owner: 'control',
    summary: 'This API, as an OpenAPI 3.1 document.',
    replies: { 200: z.unknown() },
  },
} as const satisfies Record<string, Route>;
