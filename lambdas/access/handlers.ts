import type * as z from 'zod';
import type { accessRoutes } from '../../api/access/routes.ts';
import type { ApiKey as ApiKeyView } from '../../api/access/schemas.ts';
import { createApiKey, revokeApiKey } from '../../core/access/api-keys.ts';
import type { ApiKey } from '../../model/access.ts';
import { toIso } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';
import { onPage } from '../http/page.ts';

export const accessHandlers = {
  createApiKey: async (context, { body }) => {
    const { name, role, pools = null, valid_for_seconds: validForSeconds = null } = body;
    const { key, text } = await createApiKey(context, { name, role, pools, validForSeconds });
    return { status: 201, body: { ...shape(key), key: text } };
  },

  filterApiKeys: async (context, { body }) => ({
    status: 200,
    body: onPage(await context.store.listApiKeys(), body).map(shape),
  }),

  revokeApiKey: async (context, { path }) => {
    await revokeApiKey(context, path.id);
    return { status: 204, body: undefined };
  },
} satisfies Handles<keyof typeof accessRoutes>;

const shape = (key: ApiKey): z.output<typeof ApiKeyView> => ({
  id: key.id,
  name: key.name,
  role: key.role,
  pools: key.pools ? [...key.pools] : null,
  created: toIso(key.createdAt),
  expires: key.validUntil === null ? null : toIso(key.validUntil),
  revoked: key.revokedAt === null ? null : toIso(key.revokedAt),
  last_used_on: key.lastUsedOn,
});
