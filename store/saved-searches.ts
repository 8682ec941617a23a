import type { SavedSearch, SavedSearchStore } from '../model/saved-searches.ts';
import { JsonText } from '../model/values/json-text.ts';
import { itExists, itIsNew, itIsOfTheGenerationBefore } from './conditions.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { get, queryPartition } from './dynamo/read.ts';
import { transact } from './dynamo/transact.ts';
import type { Item } from './table/item.ts';
import { SAVED_SEARCHES, savedSearchKey } from './table/keys.ts';

async function createSavedSearch(db: Dynamo, search: SavedSearch): Promise<'created' | 'exists'> {
  const put = { Item: toItem(search), ConditionExpression: itIsNew };
  return (await transact(db, [{ Put: put }])).won ? 'created' : 'exists';
}

async function readSavedSearch(db: Dynamo, id: string): Promise<SavedSearch | undefined> {
  const item = await get(db, savedSearchKey(id));
  return item && fromItem(item);
}

async function listSavedSearches(db: Dynamo): Promise<SavedSearch[]> {
  return (await queryPartition(db, SAVED_SEARCHES)).map(fromItem);
}

async function updateSavedSearch(db: Dynamo, search: SavedSearch): Promise<'updated' | 'outrun'> {
  const put = {
    Item: toItem(search),
    ConditionExpression: itIsOfTheGenerationBefore,
    ExpressionAttributeValues: { ':before': search.generation - 1 },
  };
  return (await transact(db, [{ Put: put }])).won ? 'updated' : 'outrun';
}

async function deleteSavedSearch(db: Dynamo, id: string): Promise<'deleted' | 'missing'> {
  const gone = { Key: savedSearchKey(id), ConditionExpression: itExists };
  return (await transact(db, [{ Delete: gone }])).won ? 'deleted' : 'missing';
}

const toItem = (search: SavedSearch): Item => ({
  ...search,
  ...savedSearchKey(search.id),
  filters: search.filters.text,
});

const fromItem = ({ pk, sk, ...item }: Item): SavedSearch =>
  ({ ...item, filters: new JsonText(item['filters'] as string) }) as SavedSearch;

export const savedSearchStore = (db: Dynamo): SavedSearchStore =>
  bound(db, {
    createSavedSearch,
    readSavedSearch,
    listSavedSearches,
    updateSavedSearch,
    deleteSavedSearch,
  });
