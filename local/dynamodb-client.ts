import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A client for a DynamoDB that asks for no real credentials: DynamoDB Local. */
export function localDynamoDbClient(endpoint: string, maxAttempts = 5): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    // DynamoDB Local wants some; with -sharedDb all of them see the same tables.
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 128 } },
  });
}
