import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '../model/store.ts';
import type { Instant } from '../model/values/instant.ts';
import { apiKeyStore } from './access.ts';
import { artifactStore } from './artifacts.ts';
import { blockStore } from './blocks.ts';
import { claimStore } from './claims/store.ts';
import { deploymentStore } from './deployments/store.ts';
import { dynamo } from './dynamo/dynamo.ts';
import { withClearFailures } from './dynamo/failures.ts';
import { limitStore } from './limits/store.ts';
import { createDays } from './lists/days.ts';
import { logStore } from './logs.ts';
import { namedLimitStore } from './named-limits.ts';
import { poolStore } from './pools/store.ts';
import { runStore } from './runs/store.ts';
import { savedSearchStore } from './saved-searches.ts';
import { scheduleStore } from './schedules.ts';
import { noteSchema } from './schema-version.ts';
import { sessionStore } from './sessions/store.ts';
import { taskRunStore } from './task-runs.ts';
import { variableStore } from './variables.ts';

export interface DynamoStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Decides for how long a cached record is good. */
  readonly now: () => Instant;
  readonly random: () => number;
}

/** The port of core, on DynamoDB: one object per room, which keeps the caches of what it writes. */
export function createDynamoStore({ client, tableName, now, random }: DynamoStoreOptions): Store {
  const db = dynamo(client, tableName, random);
  const days = createDays(db);
  return withClearFailures({
    ...apiKeyStore(db, now),
    ...artifactStore(db, days),
    ...blockStore(db),
    ...claimStore(db),
    ...deploymentStore(db, now),
    ...limitStore(db),
    ...logStore(db),
    ...namedLimitStore(db),
    ...poolStore(db, now),
    ...runStore(db, days, now),
    ...savedSearchStore(db),
    ...scheduleStore(db, days),
    ...sessionStore(db, now),
    ...taskRunStore(db, days),
    ...variableStore(db),
    noteSchema: () => noteSchema(db),
    ping: async () => {
      await client.send(new DescribeTableCommand({ TableName: tableName }));
    },
  });
}
