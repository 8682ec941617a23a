import * as z from 'zod';
import type { Route } from '../route.ts';
import { SavedSearch, SavedSearchCreate, SavedSearchesPage } from './schemas.ts';

/** Filters that a user interface keeps under a name. */
export const savedSearchesRoutes = {
  saveSearch: {
    method: 'PUT',
    path: '/api/saved_searches/',
    owner: 'control',
    access: 'deploy',
    about: 'no pool',
    summary: 'Save filters under a name; the search that has this name already is replaced.',
    body: SavedSearchCreate,
    replies: { 200: SavedSearch, 201: SavedSearch },
  },
  readSavedSearch: {
    method: 'GET',
    path: '/api/saved_searches/{id}',
    owner: 'control',
    access: 'read',
    about: 'no pool',
    summary: 'Read a saved search.',
    replies: { 200: SavedSearch },
  },
  filterSavedSearches: {
    method: 'POST',
    path: '/api/saved_searches/filter',
    owner: 'control',
    access: 'read',
    about: 'no pool',
    summary: 'List saved searches, by name.',
    body: SavedSearchesPage,
    replies: { 200: z.array(SavedSearch) },
  },
  deleteSavedSearch: {
    method: 'DELETE',
    path: '/api/saved_searches/{id}',
    owner: 'control',
    access: 'deploy',
    about: 'no pool',
    summary: 'Delete a saved search.',
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
