import type * as z from 'zod';
import { toJson } from '../../api/json.ts';
import type { savedSearchesRoutes } from '../../api/saved-searches/routes.ts';
import type { SavedSearch as Shape } from '../../api/saved-searches/schemas.ts';
import {
  deleteSavedSearch,
  listSavedSearches,
  readSavedSearch,
  saveSearch,
} from '../../core/saved-searches.ts';
import type { SavedSearch } from '../../model/saved-searches.ts';
import { toIso } from '../../model/values/instant.ts';
import { JsonText } from '../../model/values/json-text.ts';
import type { Handles } from '../http/http.ts';
import { onPage, thatFit } from '../http/page.ts';

export const savedSearchHandlers = {
  saveSearch: async (context, { body }) => {
    const filters = new JsonText(toJson(body.filters ?? []));
    const { search, created } = await saveSearch(context, body.name, filters);
    return { status: created ? 201 : 200, body: shape(search) };
  },

  readSavedSearch: async (context, { path }) => ({
    status: 200,
    body: shape(await readSavedSearch(context, path.id)),
  }),

  filterSavedSearches: async (context, { body }) => {
    const found = onPage(await listSavedSearches(context), body);
    return { status: 200, body: thatFit(found.map(shape)) };
  },

  deleteSavedSearch: async (context, { path }) => {
    await deleteSavedSearch(context, path.id);
    return { status: 204, body: undefined };
  },
} satisfies Handles<keyof typeof savedSearchesRoutes>;

const shape = (search: SavedSearch): z.output<typeof Shape> => ({
  id: search.id,
  created: toIso(search.createdAt),
  updated: toIso(search.updatedAt),
  name: search.name,
  filters: search.filters,
});
