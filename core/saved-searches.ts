import { v5 } from 'uuid';
import type { SavedSearch } from '../model/saved-searches.ts';
import { DibsError } from '../model/values/errors.ts';
import type { JsonText } from '../model/values/json-text.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import type { Context } from './context.ts';
import { assertPayloadSize } from './sizes.ts';

const SAVED_SEARCHES = '6f0c7d5e-53f1-5d0c-9b52-0c1a3c1b7f5e';

/**
 * Keeps filters under a name. The filters of a search that has this name already are replaced.
 * @throws DibsError payload_too_large, too_busy
 */
export async function saveSearch(
  { store, now }: Context,
  name: string,
  filters: JsonText,
): Promise<{ search: SavedSearch; created: boolean }> {
  assertPayloadSize('filters of a saved search', filters, NUMBERS.recordBytes);
  const id = v5(name.toWellFormed(), SAVED_SEARCHES);
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const at = now();
    const found = await store.readSavedSearch(id);
    if (found) {
      const { generation } = found;
      const search = { ...found, filters, generation: generation + 1, updatedAt: at };
      if ((await store.updateSavedSearch(search)) === 'updated') return { search, created: false };
      continue;
    }
    const search = { id, name, filters, generation: 1, createdAt: at, updatedAt: at };
    if ((await store.createSavedSearch(search)) === 'created') return { search, created: true };
  }
  throw new DibsError('too_busy', 'This saved search kept changing during the request.');
}

/** @throws DibsError saved_search_not_found */
export async function readSavedSearch({ store }: Context, id: string): Promise<SavedSearch> {
  const search = await store.readSavedSearch(id);
  if (!search) throw notFound();
  return search;
}

/** All of them, by name. */
export async function listSavedSearches({ store }: Context): Promise<SavedSearch[]> {
  const all = await store.listSavedSearches();
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws DibsError saved_search_not_found */
export async function deleteSavedSearch({ store }: Context, id: string): Promise<void> {
  if ((await store.deleteSavedSearch(id)) === 'missing') throw notFound();
}

const notFound = () => new DibsError('saved_search_not_found', 'Saved search not found');
