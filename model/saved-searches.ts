import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

/** Filters that a user interface keeps under a name. The server does not read them. */
export interface SavedSearch {
  readonly id: string;
  readonly name: string;
  readonly filters: JsonText;
  /** Grows by one with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Saved searches: a small set. */
export interface SavedSearchStore {
  /** One per id, which follows from the name. */
  createSavedSearch(search: SavedSearch): Promise<'created' | 'exists'>;
  readSavedSearch(id: string): Promise<SavedSearch | undefined>;
  listSavedSearches(): Promise<SavedSearch[]>;
  /** 'outrun': it is gone, or not of the generation just before this one. */
  updateSavedSearch(search: SavedSearch): Promise<'updated' | 'outrun'>;
  deleteSavedSearch(id: string): Promise<'deleted' | 'missing'>;
}
