import * as z from 'zod';
import type { Route } from '../route.ts';
import { ApiKey, ApiKeyCreate, ApiKeysFilter, NewApiKey } from './schemas.ts';

/** API keys. Prefect has none of its own. */
export const accessRoutes = {
  createApiKey: {
    method: 'POST',
    path: '/api/keys/',
    owner: 'control',
    access: 'operate',
    about: 'any pool',
    summary: 'Create an API key. Only its hash is kept.',
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
    summary: 'Revoke an API key: within a minute nobody gets in with it.',
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
