import * as z from 'zod';
import type { Route } from '../route.ts';
import { ApiKey, ApiKeyCreate, ApiKeysFilter, NewApiKey } from './schemas.ts';

/** API keys. Prefect has no such routes of its own. */
export const accessRoutes = {
  createApiKey: {
    method: 'POST',
    path: '/api/keys/',
    owner: 'control',
    access: 'operate',
    about: 'any pool',
    summary: 'Create an API key. The server keeps only its hash.',
    body: ApiKeyCreate,
    replies: { 201: NewApiKey },
  },
  filterApiKeys: {
    method: 'POST',
    path: '/api/keys/filter',
    owner: 'control',
    access: 'operate',
    about: 'any pool',
    summary: 'List API keys, oldest first.',
    body: ApiKeysFilter,
    replies: { 200: z.array(ApiKey) },
  },
  revokeApiKey: {
    method: 'POST',
    path: '/api/keys/{id}/revoke',
    owner: 'control',
    access: 'operate',
    about: 'any pool',
    summary: 'Revoke an API key. Within a minute it is refused everywhere.',
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
