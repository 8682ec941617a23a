import openapi from '../../api/openapi.json' with { type: 'json' };
import type { serverRoutes } from '../../api/server/routes.ts';
import { DibsError } from '../../model/values/errors.ts';
import { API_VERSION } from '../http/api-version.ts';
import type { Handles } from '../http/http.ts';
import { WORKER_TYPES } from './worker-types.ts';

/**
 * An engine ends a flow if the server's major version is not its own, and logs a warning with every
 * run if the server is older than itself. It uses the version for nothing else. So this is no
 * version that ever existed, but one that is newer than any 3.x client. The API follows recordings
 * of 3.8.8.
 */
const NEWER_THAN_ANY_CLIENT = '3.99.0';

export const serverHandlers = {
  readHealth: async () => ({ status: 200, body: true }),

  readReady: async ({ store }) => {
    await store.ping();
    return { status: 200, body: { message: 'OK' } };
  },

  readHello: async () => ({ status: 200, body: '👋' }),

  readApiVersion: async () => ({
    status: 200,
    body: API_VERSION,
  }),

  readServerVersion: async () => ({
    status: 200,
    body: NEWER_THAN_ANY_CLIENT,
  }),

  readServerSettings: async () => ({
    status: 200,
    body: { server: { analytics_enabled: false } },
  }),

  /** A client that gets exactly this text does not ask for a token again. */
  readCsrfToken: async () => ({
    status: 422,
    body: { detail: 'CSRF protection is disabled.' },
  }),

  readCollectionView: async (_, { path }) => {
    if (path.view === 'aggregate-worker-metadata') return { status: 200, body: WORKER_TYPES };
    throw new DibsError('view_not_found', `View ${path.view} not found in registry`);
  },

  readOpenapi: async () => ({
    status: 200,
    body: openapi,
  }),
} satisfies Handles<keyof typeof serverRoutes>;
