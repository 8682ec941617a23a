import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import { createTable } from '../../store/table/create-table.ts';

export interface FreshTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly endpoint: string;
}

/** An empty table that nobody else knows, in the DynamoDB Local of this test run. */
export async function freshTable(): Promise<FreshTable> {
  const endpoint = inject('dynamodbEndpoint');
  const client = localDynamoDbClient(endpoint);
  const tableName = `test-${randomUUID()}`;
  await createTable(client, tableName);
  return { client, tableName, endpoint };
}
