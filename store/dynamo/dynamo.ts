import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Micros } from '../../model/values/instant.ts';

/** What the verbs of this folder need: the table, and randomness for jitter. */
export interface Dynamo {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly random: () => number;
}

export function dynamo(client: DynamoDBClient, tableName: string, random: () => number): Dynamo {
  return {
    tableName,
    random,
    client: DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
    }),
  };
}

/** Aborts a write that has not been sent by then. */
export const within = (micros: Micros): AbortSignal =>
  AbortSignal.timeout(Math.ceil(Math.max(0, micros) / 1000));
