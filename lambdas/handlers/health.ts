import openapi from '../../api/openapi.json' with { type: 'json' };
import type { Handle } from '../http.ts';

export const handleReadHealth: Handle<'readHealth'> = async () => ({ status: 200, body: true });

export const handleReadReady: Handle<'readReady'> = async ({ store }) => {
  await store.ping();
  return { status: 200, body: { message: 'OK' } };
};

export const handleReadOpenapi: Handle<'readOpenapi'> = async () => ({
  status: 200,
  body: openapi,
});
