import type { Artifact, ArtifactKey, ArtifactStore } from '../model/artifacts.ts';
import { dayOf } from '../model/values/instant.ts';
import { JsonText } from '../model/values/json-text.ts';
import {
  aLaterOneIsThere,
  itExists,
  itIsNew,
  itIsNoLater,
  itIsOfTheGenerationBefore,
  theLatestIsTheOneRead,
} from './conditions.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { batchGet, get, queryPartition } from './dynamo/read.ts';
import { type TransactItem, transact } from './dynamo/transact.ts';
import type { Days } from './lists/days.ts';
import { listArtifacts } from './lists/list-runs.ts';
import type { Item } from './table/item.ts';
import {
  ARTIFACT_KEYS,
  artifactKey,
  artifactKeyKey,
  artifactVersion,
  artifactVersionKey,
  artifactVersions,
} from './table/keys.ts';
import { artifactListingKeys } from './table/listing-keys.ts';
import { idOf } from './table/timed-keys.ts';

/**
 * The key's record names the latest version, `<time>#<id>`. A version is written in one transaction
 * with that record, or with a check of it. So the latest stays correct, whatever is created and
 * deleted at the same time.
 */
async function createArtifact(
  db: Dynamo,
  days: Days,
  artifact: Artifact,
  newKeyId: string,
): Promise<void> {
  await days.note(dayOf(artifact.createdAt));
  const create: TransactItem = { Put: { Item: toItem(artifact), ConditionExpression: itIsNew } };
  if (artifact.key === null) {
    // A lost condition means that this very write was retried after its response was lost.
    await transact(db, [create]);
    return;
  }
  const { id, key, createdAt } = artifact;
  const mine = artifactVersion(createdAt, id);
  const version: TransactItem = { Put: { Item: { ...artifactVersionKey(key, mine) } } };
  const values = { ':mine': mine };
  for (;;) {
    const asLatest = await transact(db, [
      create,
      version,
      {
        Update: {
          Key: artifactKeyKey(key),
          ConditionExpression: itIsNoLater,
          UpdateExpression:
            'SET latest = :mine, id = if_not_exists(id, :id), createdAt = if_not_exists(createdAt, :at)',
          ExpressionAttributeValues: { ...values, ':id': newKeyId, ':at': createdAt },
        },
      },
    ]);
    if (asLatest.won || asLatest.at === 0) return;
    const asFormer = await transact(db, [
      create,
      version,
      {
        ConditionCheck: {
          Key: artifactKeyKey(key),
          ConditionExpression: aLaterOneIsThere,
          ExpressionAttributeValues: values,
        },
      },
    ]);
    if (asFormer.won || asFormer.at === 0) return;
  }
}

async function readArtifacts(db: Dynamo, ids: readonly string[]): Promise<Artifact[]> {
  return (await batchGet(db, [...new Set(ids)].map(artifactKey))).map(fromItem);
}

async function updateArtifact(db: Dynamo, artifact: Artifact): Promise<'updated' | 'outrun'> {
  const done = await transact(db, [
    {
      Put: {
        Item: toItem(artifact),
        ConditionExpression: itIsOfTheGenerationBefore,
        ExpressionAttributeValues: { ':before': artifact.generation - 1 },
      },
    },
  ]);
  return done.won ? 'updated' : 'outrun';
}

async function deleteArtifact(
  db: Dynamo,
  { id, key, createdAt }: Artifact,
): Promise<'deleted' | 'missing'> {
  const remove: TransactItem = {
    Delete: { Key: artifactKey(id), ConditionExpression: itExists },
  };
  if (key === null) return (await transact(db, [remove])).won ? 'deleted' : 'missing';
  const mine = artifactVersion(createdAt, id);
  for (;;) {
    const latest = (await get(db, artifactKeyKey(key)))?.['latest'] as string | undefined;
    if (latest === undefined) return 'missing';
    const done = await transact(db, [
      remove,
      { Delete: { Key: artifactVersionKey(key, mine) } },
      latest === mine ? await successor(db, key, mine) : { ConditionCheck: onKey(key, latest) },
    ]);
    if (done.won) return 'deleted';
    if (done.at === 0) return 'missing';
  }
}

/** Makes the version before it the latest; without one, deletes the key's record. */
async function successor(db: Dynamo, key: string, mine: string): Promise<TransactItem> {
  const next = (await versionsOf(db, key)).filter((version) => version !== mine).at(-1);
  const onlyIfMine = onKey(key, mine);
  if (next === undefined) return { Delete: onlyIfMine };
  const { ExpressionAttributeValues: values, ...rest } = onlyIfMine;
  return {
    Update: {
      ...rest,
      UpdateExpression: 'SET latest = :next',
      ExpressionAttributeValues: { ...values, ':next': next },
    },
  };
}

const onKey = (key: string, latest: string) => ({
  Key: artifactKeyKey(key),
  ConditionExpression: theLatestIsTheOneRead,
  ExpressionAttributeValues: { ':latest': latest },
});

async function versionsOf(db: Dynamo, key: string): Promise<string[]> {
  const items = await queryPartition(db, artifactVersions(key));
  return items.map((item) => item['sk'] as string);
}

const listArtifactVersions = async (db: Dynamo, key: string): Promise<string[]> =>
  (await versionsOf(db, key)).map(idOf);

async function readArtifactKey(db: Dynamo, key: string): Promise<ArtifactKey | undefined> {
  const item = await get(db, artifactKeyKey(key));
  return item && toKey(item);
}

const listArtifactKeys = async (db: Dynamo): Promise<ArtifactKey[]> =>
  (await queryPartition(db, ARTIFACT_KEYS)).map(toKey);

const toKey = (item: Item): ArtifactKey => ({
  id: item['id'] as string,
  key: item['sk'] as string,
  latestId: idOf(item['latest'] as string),
  createdAt: item['createdAt'] as number,
});

const toItem = (artifact: Artifact): Item => ({
  ...artifact,
  ...artifactKey(artifact.id),
  ...artifactListingKeys(artifact.id, artifact.createdAt, artifact.flowRunId),
  data: artifact.data?.text ?? null,
  // A text, for DynamoDB takes no empty key, and its SDK no key such as `constructor`.
  metadata: artifact.metadata && JSON.stringify(artifact.metadata),
});

const fromItem = ({ pk, sk, gsi2pk, gsi2sk, gsi3pk, ...item }: Item): Artifact => {
  const data = item['data'] as string | null;
  const kept = item['metadata'];
  return {
    ...item,
    data: data === null ? null : new JsonText(data),
    // Older items have a map.
    metadata: typeof kept === 'string' ? JSON.parse(kept) : kept,
  } as Artifact;
};

export const artifactStore = (db: Dynamo, days: Days): ArtifactStore => ({
  ...bound(db, {
    readArtifacts,
    updateArtifact,
    deleteArtifact,
    readArtifactKey,
    listArtifactKeys,
    listArtifactVersions,
  }),
  createArtifact: (artifact, keyId) => createArtifact(db, days, artifact, keyId),
  listArtifacts: (window) => listArtifacts(db, days, window),
});
