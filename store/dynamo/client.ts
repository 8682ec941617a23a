import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';

/** A client in a Lambda: region and credentials come from its role, and elsewhere as they do for the AWS CLI. */
export const awsDynamoDbClient = (region?: string): DynamoDBClient =>
  new DynamoDBClient({
    ...(region ? { region } : {}),
    maxAttempts: 5,
    // A socket that hangs must not outlive the deadline of a claim: the next try takes another.
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_500,
      // Or it would only say so in the log.
      throwOnRequestTimeout: true,
    },
  });

/** A client for a DynamoDB that asks for no real credentials: DynamoDB Local. */
export function localDynamoDbClient(endpoint: string, maxAttempts = 5): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    // DynamoDB Local wants some; with -sharedDb all of them see the same tables.
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
    requestHandler: {
      httpAgent: { keepAlive: true, maxSockets: 128 },
      connectionTimeout: 10_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  });
}

/** Whether DynamoDB is there, within 5 s. */
export async function answers(client: DynamoDBClient): Promise<boolean> {
  try {
    await client.send(new ListTablesCommand({ Limit: 1 }), {
      abortSignal: AbortSignal.timeout(5_000),
    });
    return true;
  } catch {
    return false;
  }
}
