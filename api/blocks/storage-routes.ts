import * as z from 'zod';
import { uuid } from '../fields/fields.ts';
import type { Route } from '../route.ts';

const ResultStorage = z.object({ default_result_storage_block_id: z.string().nullable() });
const ResultStorageUpdate = z.object({ default_result_storage_block_id: uuid });

/** The block in which flows keep results if neither they nor their pools name one. */
export const resultStorageRoutes = {
  readServerStorage: {
    method: 'GET',
    path: '/api/admin/storage',
    owner: 'control',
    access: 'read',
    about: 'no pool',
    summary: 'Tell which block results are kept in by default.',
    replies: { 200: ResultStorage },
  },
  updateServerStorage: {
    method: 'PUT',
    path: '/api/admin/storage',
    owner: 'control',
    access: 'deploy',
    about: 'no pool',
    summary: 'Set the block that results are kept in by default. Its schema must have write-path.',
    body: ResultStorageUpdate,
    replies: { 200: ResultStorage },
  },
  clearServerStorage: {
    method: 'DELETE',
    path: '/api/admin/storage',
    owner: 'control',
    access: 'deploy',
    about: 'no pool',
    summary: 'Keep results in no block by default.',
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
