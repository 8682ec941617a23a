import openapi from '../../api/openapi.json' with { type: 'json' };
import { DibsError } from '../../model/values/errors.ts';
import { API_VERSION } from '../http/api-version.ts';
import type { Handle } from '../http/http.ts';
import { WORKER_TYPES } from './worker-types.ts';

/**
 * An engine ends a flow where the major version is not its own, and logs a warning with every run where
 * the server is older than it is. It asks for nothing else; so this is no version that ever was, but
 * one that no client of 3.x is newer than. What is spoken here is recorded from 3.8.8.
 */
const NEWER_THAN_ANY_CLIENT = '3.99.0';

export const handleReadHealth: Handle<'readHealth'> = async () => ({ status: 200, body: true });

export const handleReadReady: Handle<'readReady'> = async ({ store }) => {
  await store.ping();
  return { status: 200, body: { message: 'OK' } };
};

export const handleReadHello: Handle<'readHello'> = async () => ({ status: 200, body: '👋' });

export const handleReadApiVersion: Handle<'readApiVersion'> = async () => ({
  status: 200,
  body: API_VERSION,
});

export const handleReadServerVersion: Handle<'readServerVersion'> = async () => ({
  status: 200,
  body: NEWER_THAN_ANY_CLIENT,
});

export const handleReadServerSettings: Handle<'readServerSettings'> = async () => ({
  status: 200,
  body: { server: { analytics_enabled: false } },
});

export const handleReadServerStorage: Handle<'readServerStorage'> = async () => ({
  status: 200,
  body: { default_result_storage_block_id: null },
});

/** A client that reads this very text asks for no token again. */
export const handleReadCsrfToken: Handle<'readCsrfToken'> = async () => ({
  status: 422,
  body: { detail: 'CSRF protection is disabled.' },
});

export const handleReadCollectionView: Handle<'readCollectionView'> = async (_, { path }) => {
  if (path.view === 'aggregate-worker-metadata') return { status: 200, body: WORKER_TYPES };
  throw new DibsError('view_not_found', `View ${path.view} not found in registry`);
};

export const handleReadOpenapi: Handle<'readOpenapi'> = async () => ({
  status: 200,
  body: openapi,
});
