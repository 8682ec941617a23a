import type { ApiKey, ApiKeyStore } from '../model/access.ts';
import type { Instant } from '../model/values/instant.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import { itIsNew, itIsNotRevoked, itIsThere } from './conditions.ts';
import { bound } from './dynamo/bound.ts';
import { cache } from './dynamo/cache.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { get, queryPartition } from './dynamo/read.ts';
import { transact } from './dynamo/transact.ts';
import { put, update } from './dynamo/write.ts';
import type { Item } from './table/item.ts';
import { API_KEYS, apiKeyKey } from './table/keys.ts';

async function createApiKey(db: Dynamo, key: ApiKey): Promise<void> {
  const { revokedAt, ...item } = key;
  await put(db, { ...item, ...apiKeyKey(key.id) }, { condition: itIsNew });
}

async function readApiKey(db: Dynamo, id: string): Promise<ApiKey | undefined> {
  const item = await get(db, apiKeyKey(id));
  return item && fromItem(item);
}

/** Their ids begin with their time. */
const listApiKeys = async (db: Dynamo): Promise<ApiKey[]> =>
  (await queryPartition(db, API_KEYS)).map(fromItem);

async function revokeApiKey(
  db: Dynamo,
  id: string,
  at: Instant,
  keeper: string | undefined,
): Promise<'revoked' | 'missing' | 'the keeper is revoked'> {
  const revocation = {
    UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :at)',
    ConditionExpression: itIsThere,
    ExpressionAttributeValues: { ':at': at },
  };
  if (keeper === undefined) {
    const { won } = await update(db, apiKeyKey(id), revocation);
    return won ? 'revoked' : 'missing';
  }
  const done = await transact(db, [
    { Update: { Key: apiKeyKey(id), ...revocation } },
    { ConditionCheck: { Key: apiKeyKey(keeper), ConditionExpression: itIsNotRevoked } },
  ]);
  if (done.won) return 'revoked';
  return done.at === 0 ? 'missing' : 'the keeper is revoked';
}

async function stampApiKey(db: Dynamo, id: string, day: string): Promise<void> {
  await update(db, apiKeyKey(id), {
    UpdateExpression: 'SET lastUsedOn = :day',
    ConditionExpression: itIsThere,
    ExpressionAttributeValues: { ':day': day },
  });
}

/** No `revokedAt` is there until it is: the first one stays. */
const fromItem = ({ pk, sk, ...item }: Item): ApiKey =>
  ({ revokedAt: null, ...item }) as unknown as ApiKey;

/** The key of what is cached once. */
const ALL = 'all';

/** The authorizer reads all keys, and may read them as they were a moment ago. */
export function apiKeyStore(db: Dynamo, now: () => Instant): ApiKeyStore {
  const cached = cache<ApiKey[]>(now, NUMBERS.recordsCached);
  return {
    ...bound(db, { readApiKey, revokeApiKey, stampApiKey }),
    createApiKey: async (key) => {
      await createApiKey(db, key);
      cached.forget(ALL);
    },
    listApiKeys: async (how = 'fresh') =>
      how === 'fresh' ? listApiKeys(db) : ((await cached.read(ALL, () => listApiKeys(db))) ?? []),
  };
}
