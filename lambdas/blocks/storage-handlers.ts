import type { resultStorageRoutes } from '../../api/blocks/storage-routes.ts';
import {
  clearResultStorage,
  readResultStorage,
  setResultStorage,
} from '../../core/blocks/result-storage.ts';
import type { Handles } from '../http/http.ts';

export const resultStorageHandlers = {
  readServerStorage: async (context) => ({
    status: 200,
    body: { default_result_storage_block_id: await readResultStorage(context) },
  }),

  updateServerStorage: async (context, { body }) => {
    const { default_result_storage_block_id: id } = body;
    await setResultStorage(context, id);
    return { status: 200, body: { default_result_storage_block_id: id } };
  },

  clearServerStorage: async (context) => {
    await clearResultStorage(context);
    return { status: 204, body: undefined };
  },
} satisfies Handles<keyof typeof resultStorageRoutes>;
